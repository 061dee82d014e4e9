import type { CallRecord } from "./types.ts";

/** A call that passed authentication, at the moment it is about to be sent. */
export interface LoggedCall {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** As the client sent them, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How a route's bodies are logged. */
export interface BodyLogging {
  /** Of each body so many bytes are kept, from its beginning. */
  readonly maxBytes: number;
  /** Of so many calls one is kept: 1 is all, 0.01 is one in a hundred. */
  readonly share: number;
}

/** Copies of one call's bodies, as they pass. Nothing here throws, waits, or keeps a chunk that it was shown. */
export interface BodyCopy {
  request(bytes: Uint8Array): void;
  replyHead(status: number, headers: Headers): void;
  reply(bytes: Uint8Array): void;
  /** Exactly once, with the record of the call; the copy is handed to the writer or dropped (and counted). */
  finish(record: CallRecord): void;
}

/** The log of bodies, as the data plane sees it. */
export interface BodyLog {
  /** Null where this call's are not kept: left out by its share, or too much is under way (counted). */
  open(call: LoggedCall, logging: BodyLogging): BodyCopy | null;
}
