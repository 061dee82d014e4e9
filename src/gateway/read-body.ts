import { GatewayError } from "../core/errors.ts";
import type { Route } from "../core/routes.ts";
import type { Body, Call } from "../core/types.ts";
import type { CallClock } from "./clock.ts";
import { type StreamEnd, tapStream } from "./tap.ts";

/** Bodies of known length up to here are read whole: streaming one costs as much as all the rest of a call. */
export const wholeBytes = 64 * 1024;

/** A body on its way up, and how much of it came. */
export interface Upload {
  readonly body: Body;
  bytes(): number;
}

const nothing: Upload = { body: { kind: "none" }, bytes: () => 0 };

/**
 * The client's body: read whole where it is small and its length is known, else the stream, counted as it passes.
 * Throws `body_not_allowed` (GET and HEAD: the runtime could not send it on), `body_too_large`, `upload_stalled`,
 * `client_closed`; what goes wrong with a stream later aborts the clock with the same errors.
 */
export async function readBody(call: Call, route: Route, clock: CallClock): Promise<Upload> {
  const { headers } = call.request;
  const declared = headers.get("content-length");
  const length = declared === null ? null : Number(declared);
  const chunked = headers.has("transfer-encoding");
  if (call.method === "GET" || call.method === "HEAD") {
    if (chunked || (length !== null && length > 0)) throw new GatewayError("body_not_allowed");
    return nothing;
  }
  if (length === null && !chunked) return nothing;
  if (length !== null) {
    if (length > route.maxBodyBytes) throw tooLarge(route);
    if (length <= wholeBytes) return readWhole(call.request, length, clock, route);
  }
  return passOn(call.request, clock, route);
}

async function readWhole(
  request: Request,
  length: number,
  clock: CallClock,
  { deadlines }: Route,
): Promise<Upload> {
  clock.wait("upload_stalled", deadlines.clientIdleMs);
  const bytes = await new Promise<ArrayBuffer>((resolve, reject) => {
    clock.onAbort(reject);
    const fail = (cause: unknown) => reject(new GatewayError("client_closed", { cause }));
    request.arrayBuffer().then(resolve, fail);
  });
  clock.onAbort(null);
  return { body: { kind: "bytes", bytes }, bytes: () => length };
}

/** The clock turns to the client each time more is asked of it, and to the upstream once it has that. */
function passOn(request: Request, clock: CallClock, route: Route): Upload {
  if (request.body === null) return nothing;
  const { deadlines, maxBodyBytes } = route;
  let bytes = 0;
  const waitForUpstream = () => clock.wait("upstream_timeout", deadlines.firstByteMs);
  const { stream } = tapStream(request.body, {
    asked: () => clock.wait("upload_stalled", deadlines.clientIdleMs),
    chunk: (chunk) => {
      bytes += chunk.byteLength;
      if (bytes > maxBodyBytes) clock.abort(tooLarge(route));
      else waitForUpstream();
    },
    end: (how: StreamEnd) => {
      if (how === "broken") clock.abort(new GatewayError("client_closed"));
      else waitForUpstream();
    },
  });
  return { body: { kind: "stream", stream }, bytes: () => bytes };
}

function tooLarge(route: Route): GatewayError {
  return new GatewayError("body_too_large", {
    detail: `Its limit is ${route.maxBodyBytes} bytes.`,
  });
}
