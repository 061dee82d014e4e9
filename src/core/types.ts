import type { GatewayError } from "./errors.ts";

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

/** One finished call, as the log tells it. Times are milliseconds. */
export interface CallRecord {
  readonly id: string;
  readonly route: string | null;
  readonly method: string;
  readonly status: number;
  readonly error: GatewayError | null;
  readonly firstByteMs: number | null;
  readonly durationMs: number;
  /** Time spent here and not waiting for the upstream: until it was asked, and from its headers to ours. */
  readonly overheadMs: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
}
