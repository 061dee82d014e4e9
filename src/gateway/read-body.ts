import { GatewayError } from "../core/errors.ts";
import type { Seat } from "../core/ledger.ts";
import type { Route } from "../core/routes.ts";
import type { Body, Call } from "../core/types.ts";
import type { CallClock } from "./clock.ts";
import { type ByteStream, readUpTo, resumed } from "./read-up-to.ts";
import { type StreamEnd, tapStream } from "./tap.ts";

/** Bodies of known length up to here are read whole: streaming one costs as much as all the rest of a call. */
export const wholeBytes = 64 * 1024;

/** And up to here where a limit has to know what is in them, also where the length is not said. */
const readableBytes = 1024 * 1024;

/** How large a body is read whole. */
export function readLimit({ needsModel, needsTokens }: Seat): number {
  return needsModel || needsTokens ? readableBytes : wholeBytes;
}

/** A body on its way up, and how much of it came so far. */
export interface Upload {
  readonly body: Body;
  readonly passed: { bytes: number };
}

const nothing: Upload = { body: { kind: "none" }, passed: { bytes: 0 } };

/**
 * The client's body: read whole where its length is known and at most `wholeUpTo`, else the stream, counted as it
 * passes. Where a limit has to know what is in it, one of a length that is not said is read too, up to there.
 * Throws `body_not_allowed` (GET and HEAD: the runtime could not send it on), `body_too_large`, `upload_stalled`,
 * `client_closed`; what goes wrong with a stream later aborts the clock with the same errors.
 */
export function readBody(
  call: Call,
  route: Route,
  clock: CallClock,
  wholeUpTo: number,
): Upload | Promise<Upload> {
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
    if (length <= wholeUpTo) return readWhole(request, clock, route);
  }
  if (request.body === null) return nothing;
  if (length === null && wholeUpTo > wholeBytes)
    return collect(request.body, clock, route, wholeUpTo);
  return passOn(request.body, clock, route);
}

/** It has to be there as a whole within `client_idle_timeout`: how far it is cannot be seen. */
function readWhole(request: Request, clock: CallClock, { deadlines }: Route): Promise<Upload> {
  clock.wait("upload_stalled", deadlines.clientIdleMs);
  return new Promise((resolve, reject) => {
    clock.onAbort(reject);
    const done = (bytes: ArrayBuffer) => {
      clock.onAbort(null);
      resolve({ body: { kind: "bytes", bytes }, passed: { bytes: bytes.byteLength } });
    };
    const failed = (cause: unknown) => reject(new GatewayError("client_closed", { cause }));
    request.arrayBuffer().then(done, failed);
  });
}

/** Bytes if all of it is there by then, else a stream of what was read and what is to come. */
function collect(
  source: ByteStream,
  clock: CallClock,
  route: Route,
  wholeUpTo: number,
): Promise<Upload> {
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
        if (!isWhole) return resolve(passOn(resumed(bytes, reader), clock, route));
        resolve({ body: { kind: "bytes", bytes }, passed: { bytes: bytes.byteLength } });
      },
      (cause: unknown) => fail(new GatewayError("client_closed", { cause })),
    );
  });
}

/**
 * The clock turns to the client each time more is asked of it, and to the upstream once it has that; once the reply
 * has begun, it is the reply's.
 */
function passOn(source: ByteStream, clock: CallClock, route: Route): Upload {
  const { deadlines, maxBodyBytes } = route;
  const passed = { bytes: 0 };
  const waitForUpstream = () => clock.waitSending("upstream_timeout", deadlines.firstByteMs);
  const { stream } = tapStream(source, {
    asked: () => clock.waitSending("upload_stalled", deadlines.clientIdleMs),
    chunk: (chunk) => {
      passed.bytes += chunk.byteLength;
      if (passed.bytes > maxBodyBytes) clock.abort(tooLarge(route));
      else waitForUpstream();
    },
    end: (how: StreamEnd) => {
      if (how === "broken") clock.abort(new GatewayError("client_closed"));
      else waitForUpstream();
    },
  });
  return { body: { kind: "stream", stream }, passed };
}

function tooLarge(route: Route): GatewayError {
  return new GatewayError("body_too_large", {
    detail: `Its limit is ${route.maxBodyBytes} bytes.`,
  });
}
