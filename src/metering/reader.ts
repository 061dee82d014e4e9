/** Reads the decoded copy of a body, chunk by chunk; keeps no chunk. */
export interface Reader {
  chunk(bytes: Uint8Array): void;
  /** After the last chunk, wherever the body stopped. A promise only where messages still wait for something. */
  end(): void | Promise<void>;
  /** No message will be found: nothing more need be shown. */
  isBlind?(): boolean;
}

/** For bodies in which no message can be. */
export const blind: Reader = { chunk: () => {}, end: () => {} };
