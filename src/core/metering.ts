import type { Usage } from "./usage.ts";

/** A call whose reply is to be metered, as its upstream sees it. */
export interface MeteredCall {
  readonly method: string;
  /** Of the URL that was asked, without its query. */
  readonly path: string;
  /**
   * The request's body where it is JSON (or a form: its text fields as an object) and short enough to be looked at,
   * else undefined; parsed when it is first asked for.
   */
  body(): unknown;
}

/** What a reply's messages said of usage so far. */
export interface Folded {
  /** Whose format it is: `UsageFormat.id`, or what the shape of the messages told; null where nothing did. */
  readonly provider: string | null;
  /** As the reply names it; null where it does not. */
  readonly model: string | null;
  /** Null where nothing was told yet. */
  readonly usage: Usage | null;
  /** The message that tells the whole of it was there: a stream that ends now is metered exactly. */
  readonly isFinal: boolean;
  /** A count that cannot be one (negative, not a number, beyond all measure): nothing of it is to be believed. */
  readonly isInvalid: boolean;
  /** What is told by several calls and used once (a transcript that is polled); null where each call uses its own. */
  readonly once: string | null;
}

/** Usage as a fold over the messages of one reply, in constant memory. Never throws, whatever the messages hold. */
export interface UsageFold {
  /** Counts add up over the messages: none of those with a marker may be left out. */
  readonly addsUp?: boolean;
  /** One of these texts is in each message that matters: the others of a stream are not parsed, only counted. */
  readonly markers: readonly string[];
  /**
   * One message: the JSON body, or one event of a stream. `event` is the name that the stream's format gave it. Long
   * parts of long messages are shortened: strings to `""`, lists to `{length}`, objects to null.
   */
  add(message: unknown, event: string | null): void;
  result(): Folded;
}

/** The wire format of an API's replies, as far as usage is in it. */
export interface UsageFormat {
  /** The provider, as records and prices name it: `openai`. */
  readonly id: string;
  /**
   * The fold for one call. `free`: such a call costs nothing by itself (lists, the creation of batches, counts of
   * tokens); null: nobody knows what it uses.
   */
  fold(call: MeteredCall): UsageFold | "free" | null;
  /** The model that the URL names (`/models/gemini-2.5-pro:generateContent`), else null. */
  modelOfPath(path: string): string | null;
  /**
   * An upper estimate of a request's use is of use: a call that answers with tokens. False for pages, images, seconds.
   */
  countsTokens(call: MeteredCall): boolean;
  /** What the reply's headers tell (names in lower case), for replies whose bodies tell nothing. */
  usageOfHeaders?(headers: Readonly<Record<string, string>>): Usage | null;
}

/** What the copy of a reply told. */
export interface Metered extends Folded {
  /** Messages of the stream so far; about one output token each where the format counts tokens. */
  readonly messages: number;
  /** Bytes of the decoded copy. */
  readonly bytes: number;
  /** The copy could not be read: too large when decoded, broken, an unknown coding. */
  readonly isUnparsed: boolean;
}

/** Watches a copy of the reply's body; the bytes are neither kept nor changed. Never throws. */
export interface ReplyMeter {
  chunk(bytes: Uint8Array): void;
  /** By what was shown until now; of a coded reply perhaps less. */
  soFar(): Metered;
  /** After the last chunk, or where the reply broke off. A promise only where the copy is still being decoded or read. */
  end(): Metered | Promise<Metered>;
}
