import type { BodyLogging } from "./routes.ts";
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

/** One body as it is shown. */
export interface LoggedBody {
  /** Decoded text where it is text (of a stream of events: as it came); else null. */
  readonly text: string | null;
  /** What a stream of events says when it is put together, where its format is known; else null. */
  readonly assembled: string | null;
  /** The bytes as they passed, in base64, where they are not text; else null. */
  readonly base64: string | null;
  /** Bytes that passed; more than are kept where the body was cut. */
  readonly bytes: number;
  readonly isCut: boolean;
}

/** What is kept of one call: headers without anything secret. */
export interface LoggedBodies {
  readonly id: string;
  readonly method: string;
  /** Path and query as the client sent them, secrets taken out. */
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly request: LoggedBody;
  /** 0 where no reply came. */
  readonly status: number;
  readonly replyHeaders: Readonly<Record<string, string>>;
  readonly reply: LoggedBody;
}

/** Where in the log to look for a text. Epoch milliseconds, `until` not included. */
export interface TextSearch {
  readonly text: string;
  readonly since?: number;
  readonly until?: number;
  /** No more than so many. */
  readonly limit: number;
}

/** The log of bodies, as the admin API sees it. */
export interface BodyReader {
  bodies(id: string): Promise<LoggedBodies | null>;
  /** Ids of calls whose request or reply holds all words of the text, the latest first. */
  search(what: TextSearch): Promise<readonly string[]>;
}
