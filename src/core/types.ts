import type { GatewayError } from "./errors.ts";
import type { Principal } from "./key-record.ts";
import type { NanoUsd } from "./money.ts";
import type { Unpriced } from "./pricing.ts";
import type { Route } from "./routes.ts";
import type { Usage } from "./usage.ts";

/** One request on its way through; never changed after it was opened. */
export interface Call {
  /** Minted here, a UUIDv7: a client's own id never stands for it. */
  readonly id: string;
  readonly request: Request;
  /** As sent, names in lower case, repeats joined. */
  readonly headers: ClientHeaders;
  readonly method: string;
  /** The one view of the path: what is matched, authorised, logged and forwarded. */
  readonly path: string;
  /** As sent, without `?`; empty where there is none. */
  readonly query: string;
  readonly entrance: Entrance;
}

export type ClientHeaders = Readonly<Record<string, string>>;

/** The listener through which a call came. */
export interface Entrance {
  /** The peer's address as the socket tells it, without the IPv4-in-IPv6 prefix; empty once it is gone. */
  addressOf(request: Request): string;
  /** The listener's own address is a loopback one. */
  readonly onLoopback: boolean;
  /** The listener itself speaks TLS. */
  readonly isTls: boolean;
  /** The runtime may not close the request's connection for its silence: the call has its own deadlines. */
  hold(request: Request): void;
  /** It may again. To be called before the reply's end: what is set stays with the connection. */
  release(request: Request): void;
}

/** What the client sent: nothing, the bytes that were read, or the stream. */
export type Body =
  | { readonly kind: "none" }
  | { readonly kind: "bytes"; readonly bytes: ArrayBuffer }
  | { readonly kind: "stream"; readonly stream: ReadableStream<Uint8Array> };

/** All that leaves for the upstream, as a value. */
export interface UpstreamRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

/** What a caller says of a call, for its record; keys of this gateway are taken out. */
export interface CallNotes {
  /** `x-litellm-tags` or `tags`, and those of the key and its team. */
  readonly tags: readonly string[];
  /** `x-litellm-end-user-id` or `x-litellm-customer-id`. */
  readonly endUser: string | null;
  /** `x-litellm-spend-logs-metadata`: a JSON object, as text. */
  readonly metadata: string | null;
  /** `user-agent`, cut to 200 characters. */
  readonly userAgent: string | null;
}

/** One finished call, as the log tells it. Times are milliseconds. */
export interface CallRecord {
  readonly id: string;
  readonly route: Route | null;
  /** Null where the call was refused before it was known who calls. */
  readonly principal: Principal | null;
  readonly notes: CallNotes;
  readonly method: string;
  readonly status: number;
  readonly error: GatewayError | null;
  /** As the reply names it, else the request, else the path. */
  readonly model: string | null;
  /** Whose wire format the reply has; null where it was not recognised, or not looked at. */
  readonly provider: string | null;
  /** Null where it is not known. */
  readonly usage: Usage | null;
  /** What is booked; null is unknown, not free. */
  readonly costNanoUsd: NanoUsd | null;
  /** Why the cost is not known, or is what was on hold; null where it is known. */
  readonly unpriced: Unpriced | null;
  /** The cost, or some of the usage, is an estimate, or the cost is what was on hold. */
  readonly estimated: boolean;
  /** The reply was a stream of events. */
  readonly isStream: boolean;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly firstByteMs: number | null;
  readonly durationMs: number;
  /** Time spent here and not waiting for the upstream: until it was asked, and from its headers to ours. */
  readonly overheadMs: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** One call in the ledger. */
export interface CallRow {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly firstByteMs: number | null;
  readonly durationMs: number;
  readonly method: string;
  readonly status: number;
  /** A code of ours, or null. */
  readonly error: string | null;
  readonly route: string;
  /** Where the route leads, without a query. */
  readonly target: string;
  /** `master` for the master key; null for anonymous callers. */
  readonly keyId: string | null;
  readonly teamId: string | null;
  readonly userId: string | null;
  readonly endUser: string | null;
  readonly model: string | null;
  /** Null is unknown, not free. */
  readonly costNanoUsd: NanoUsd | null;
  /** The cost, or some of the usage, is an estimate; or the cost is what was on hold. */
  readonly estimated: boolean;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly tags: readonly string[];
  /** A JSON object, as text. */
  readonly metadata: string | null;
  /** Whose wire format the reply has: `openai`. */
  readonly provider: string | null;
  readonly usage: Usage | null;
  /** Why the cost is not known, or is what was on hold; null where it is known, and in rows from before it was told. */
  readonly unpriced: string | null;
  /** Time spent here and not waiting for the upstream. */
  readonly overheadMs: number | null;
  /** The reply was a stream of events. */
  readonly isStream: boolean;
  /** The client's, cut to 200 characters. */
  readonly userAgent: string | null;
  /** False: added up, and not kept as a row (`log: off`). */
  readonly isKept: boolean;
}
