import { GatewayError } from "../core/errors.ts";
import type { Seat } from "../core/ledger.ts";
import type { Route } from "../core/routes.ts";
import type { Body, Call } from "../core/types.ts";
import type { CallClock } from "./clock.ts";
import { Beginning } from "./beginning.ts";
import { type ByteStream, readUpTo, resumed } from "./read-up-to.ts";
import type { BodyStart } from "./request-value.ts";
import { type StreamEnd, tapStream } from "./tap.ts";

/** Bodies of known length up to here are read whole: streaming one costs as much as all the rest of a call. */
export const wholeBytes = 64 * 1024;

/** And up to here where a limit has to know what is in them, also where the length is not said. */
const readableBytes = 1024 * 1024;

/** How large a body is read whole. */
export function readLimit(seat: Seat, { requestsStreamUsage }: Route): number {
  const isRead = seat.needsModel || seat.needsTokens || requestsStreamUsage;
  return isRead ? readableBytes : wholeBytes;
}

/** A body on its way up, how much of it came so far, and what is kept of its beginning. */
export interface Upload {
  readonly body: Body;
  readonly passed: { bytes: number };
  start(): BodyStart;
}

/** Sees each piece of the body as it comes; may neither keep nor change it. */
export type UploadWatch = ((bytes: Uint8Array) => void) | null;

const nothing: Upload = {
  body: { kind: "none" },
  passed: { bytes: 0 },
  start: () => ({ bytes: new Uint8Array(0), isWhole: true }),
};

/** Of a body that streams so much is kept, for whoever wants to know what model it names. */
const keptBytes = 64 * 1024;

/**
 * The client's body: read whole where its length is known and at most `wholeUpTo`, else the stream, counted as it
 * passes. Where a limit has to know what is in it, one of a length that is not said is read too, up to there.
 * Throws `body_not_allowed` (GET and HEAD: the runtime could not send it on), `body_too_large`, `upload_stalled`,
 * `client_closed`; what goes wrong with a stream later aborts the clock with the same errors.
 */
export function readBody(
  call: Call,
  context: UploadContext,
  wholeUpTo: number,
): Upload | Promise<Upload> {
  const { route } = context;
  const { headers, method, request } = call;
  const declared = headers["content-length"];
  const length = declared === undefined ? null : Number(declared);
  if (Number.isNaN(length)) throw new GatewayError("request_invalid"); // sent twice: `3, 3`
  const chunked = headers["transfer-encoding"] !== undefined;
  if (method === "GET" || method === "HEAD") {
    if (chunked || (length !== null && length > 0)) throw new GatewayError("body_not_allowed");
    return nothing;
  }
  if (length === null && !chunked) return nothing;
  if (length !== null) {
    if (length > route.maxBodyBytes) throw tooLarge(route);
    if (length <= wholeUpTo) return readWhole(request, context);
  }
  if (request.body === null) return nothing;
  if (length === null && wholeUpTo > wholeBytes) return collect(request.body, context, wholeUpTo);
  return passOn(request.body, context);
}

/** What an upload needs of the call it belongs to. */
export interface UploadContext {
  readonly route: Route;
  readonly clock: CallClock;
  readonly watch: UploadWatch;
}

/** It has to be there as a whole within `client_idle_timeout`: how far it is cannot be seen. */
function readWhole(request: Request, { route, clock, watch }: UploadContext): Promise<Upload> {
  clock.wait("upload_stalled", route.deadlines.clientIdleMs);
  return new Promise((resolve, reject) => {
    clock.onAbort(reject);
    const done = (bytes: ArrayBuffer) => {
      clock.onAbort(null);
      resolve(whole(bytes, watch));
    };
    const failed = (cause: unknown) => reject(new GatewayError("client_closed", { cause }));
    request.arrayBuffer().then(done, failed);
  });
}

function whole(bytes: ArrayBuffer, watch: UploadWatch): Upload {
  const all = new Uint8Array(bytes);
  watch?.(all);
  return {
    body: { kind: "bytes", bytes },
    passed: { bytes: bytes.byteLength },
    start: () => ({ bytes: all, isWhole: true }),
  };
}

/** Bytes if all of it is there by then, else a stream of what was read and what is to come. */
function collect(source: ByteStream, context: UploadContext, wholeUpTo: number): Promise<Upload> {
  const { route, clock } = context;
  const reader = source.getReader();
  return new Promise((resolve, reject) => {
    const fail = (error: GatewayError) => {
      clock.onAbort(null);
      reject(error);
      reader.cancel(error).catch(() => {}); // it may have broken by itself
    };
    clock.onAbort(fail);
    readUpTo(reader, Math.min(wholeUpTo, route.maxBodyBytes), () =>
      clock.wait("upload_stalled", route.deadlines.clientIdleMs),
    ).then(
      ({ bytes, isWhole }) => {
        if (bytes.byteLength > route.maxBodyBytes) return fail(tooLarge(route));
        clock.onAbort(null);
        resolve(isWhole ? whole(bytes, context.watch) : passOn(resumed(bytes, reader), context));
      },
      (cause: unknown) => fail(new GatewayError("client_closed", { cause })),
    );
  });
}

/**
 * The clock turns to the client each time more is asked of it, and to the upstream once it has that; once the reply
 * has begun, it is the reply's.
 */
function passOn(source: ByteStream, { route, clock, watch }: UploadContext): Upload {
  const { deadlines, maxBodyBytes } = route;
  const passed = { bytes: 0 };
  const kept = route.metering === null ? null : new Beginning(keptBytes);
  const waitForUpstream = () => clock.waitSending("upstream_timeout", deadlines.firstByteMs);
  const { stream } = tapStream(source, {
    asked: () => clock.waitSending("upload_stalled", deadlines.clientIdleMs),
    chunk: (chunk) => {
      passed.bytes += chunk.byteLength;
      watch?.(chunk);
      kept?.add(chunk);
      if (passed.bytes > maxBodyBytes) clock.abort(tooLarge(route));
      else waitForUpstream();
    },
    end: (how: StreamEnd) => {
      if (how === "broken") clock.abort(new GatewayError("client_closed"));
      else waitForUpstream();
    },
  });
  return {
    body: { kind: "stream", stream },
    passed,
    start: () => ({ bytes: kept?.bytes() ?? new Uint8Array(0), isWhole: false }),
  };
}

function tooLarge(route: Route): GatewayError {
  return new GatewayError("body_too_large", {
    detail: `Its limit is ${route.maxBodyBytes} bytes.`,
  });
}
