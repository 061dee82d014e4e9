import { SecretMask } from "./secret-mask.ts";

/** A body whose content codings are taken off as it comes; what comes of it goes to where it was opened for. */
export interface Undoing {
  chunk(bytes: Uint8Array): void;
  /** Resolves when the last of it is out. */
  end(): void | Promise<void>;
  /** It is not what its coding says, or grew too much: something is missing. */
  hasFailed(): boolean;
}

/** Null for a `content-encoding` that is not known here. */
export type Undo = (contentEncoding: string, take: (bytes: Uint8Array) => void) => Undoing | null;

/** Of a reply so much is shown; the rest is read, and counted alone. */
export const mostShown = 8 * 1024 * 1024;

export interface ReplyOptions {
  /** As `writtenSecrets` gave them. */
  readonly written: readonly string[];
  readonly undo: Undo;
  /** Gets what may be shown. */
  show(bytes: Buffer): void;
  /** After so many bytes no more is shown. */
  cut(bytes: number): void;
}

/** What an admin sees of a reply's body: decoded, without secrets, and no more than `mostShown`. */
export interface ShownReply {
  readonly isDecoded: boolean;
  chunk(bytes: Uint8Array): void;
  end(): Promise<void>;
}

/** The bytes of a coding that is not known here are not shown: nobody could tell what is in them. */
export function shownReply({ headers }: Response, options: ReplyOptions): ShownReply {
  const mask = new SecretMask(options.written);
  let shown = 0;
  let isCut = false;
  const cut = () => {
    if (isCut) return;
    isCut = true;
    options.cut(shown);
  };
  const show = (bytes: Buffer) => {
    const part = bytes.subarray(0, mostShown - shown);
    if (isCut || bytes.length === 0) return;
    shown += part.length;
    if (part.length > 0) options.show(part);
    if (part.length < bytes.length) cut();
  };
  const take = (bytes: Uint8Array) => {
    if (!isCut) show(mask.add(bytes));
  };
  const coding = headers.get("content-encoding") ?? "identity";
  const isPlain = /^\s*(?:identity\s*)?$/i.test(coding);
  const undoing = isPlain ? null : options.undo(coding, take);
  return {
    isDecoded: undoing !== null,
    chunk: (bytes) => {
      if (isPlain) take(bytes);
      else if (undoing === null) cut();
      else if (!isCut) undoing.chunk(bytes);
    },
    end: async () => {
      await undoing?.end();
      show(mask.rest());
      if (undoing?.hasFailed() === true) cut();
    },
  };
}
