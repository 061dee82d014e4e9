import { GatewayError } from "../core/errors.ts";
import { connectionNames, hopByHop } from "../core/headers.ts";
import type { Route } from "../core/routes.ts";
import type { Call } from "../core/types.ts";
import type { CallClock } from "./clock.ts";
import { wholeBytes } from "./read-body.ts";
import type { OpenRecord } from "./record.ts";
import { translate } from "./send.ts";
import { type StreamEnd, tapStream } from "./tap.ts";

/** More than this in one header block is refused: it would have to be held as a whole, per call. */
const maxHeaderBytes = 256 * 1024;

/**
 * The upstream's reply as the client's: status, end-to-end headers and bytes as they came. Small replies of known
 * length are read whole; everything else flows under one tap. Finishes the record when the last byte is out.
 */
export async function relay(
  call: Call,
  route: Route,
  upstream: Response,
  { clock, record }: { readonly clock: CallClock; readonly record: OpenRecord },
): Promise<Response> {
  const { status, headers } = upstream;
  if (status < 200 || status > 599 || headerBytes(headers) > maxHeaderBytes) {
    clock.abort(new GatewayError("upstream_protocol"));
    throw new GatewayError("upstream_protocol");
  }
  const length = headers.get("content-length");
  const events = headers.get("content-type")?.startsWith("text/event-stream") === true;
  keepEndToEnd(headers);
  headers.set("x-litellm-call-id", call.id);
  if (events) headers.set("x-accel-buffering", "no");

  const body = upstream.body;
  if (body === null || call.method === "HEAD" || hasNoBody(status)) {
    clock.stop();
    record.finish(status, null);
    return new Response(null, { status, statusText: upstream.statusText, headers });
  }
  clock.wait("upstream_idle", route.deadlines.idleMs);
  const reply =
    length !== null && Number(length) <= wholeBytes && !events
      ? await readWhole(upstream, clock, record)
      : flow(body, route, status, { clock, record });
  return new Response(reply, { status, statusText: upstream.statusText, headers });
}

async function readWhole(
  upstream: Response,
  clock: CallClock,
  record: OpenRecord,
): Promise<ArrayBuffer> {
  try {
    const bytes = await upstream.arrayBuffer();
    record.passed(bytes.byteLength);
    clock.stop();
    record.finish(upstream.status, null);
    return bytes;
  } catch (cause) {
    throw clock.error ?? translate(cause);
  }
}

function flow(
  body: ReadableStream<Uint8Array>,
  route: Route,
  status: number,
  { clock, record }: { readonly clock: CallClock; readonly record: OpenRecord },
): ReadableStream<Uint8Array> {
  const { idleMs, clientIdleMs } = route.deadlines;
  const end = (how: StreamEnd, cause: unknown) => {
    clock.onAbort(null);
    const error = how === "done" ? null : (clock.error ?? endOf(how, cause));
    record.finish(status, error);
    if (how === "cancelled") clock.abort(new GatewayError("client_closed"));
    clock.stop();
  };
  const { stream, fail } = tapStream(body, {
    asked: () => clock.wait("upstream_idle", idleMs),
    chunk: (chunk) => {
      record.passed(chunk.byteLength);
      clock.wait("client_stalled", clientIdleMs);
    },
    end,
  });
  clock.onAbort(fail);
  return stream;
}

function endOf(how: StreamEnd, cause: unknown): GatewayError {
  if (how === "cancelled") return new GatewayError("client_closed");
  return new GatewayError("stream_broken", { cause: translate(cause).cause });
}

/** Statuses that never have a body (RFC 9110 §15). */
function hasNoBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** Takes out what belongs to the connection. The reply's own headers are ours to change: nobody else reads them. */
function keepEndToEnd(headers: Headers): void {
  for (const name of connectionNames(headers.get("connection"))) {
    if (!hopByHop.has(name)) headers.delete(name);
  }
  for (const name of hopByHop) headers.delete(name);
}

function headerBytes(headers: Headers): number {
  let bytes = 0;
  for (const [name, value] of headers) bytes += name.length + value.length + 4;
  return bytes;
}
