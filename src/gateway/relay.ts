import { GatewayError } from "../core/errors.ts";
import { connectionNames, hopByHop } from "../core/headers.ts";
import type { Ledger } from "../core/ledger.ts";
import { usdText } from "../core/money.ts";
import type { Route } from "../core/routes.ts";
import type { Call } from "../core/types.ts";
import type { CallUsage } from "./call-usage.ts";
import type { CallClock } from "./clock.ts";
import { draining } from "./draining.ts";
import { editFrames } from "./edit-frames.ts";
import { keepApart, ofWholeOrigin } from "./own-origin.ts";
import { wholeBytes } from "./read-body.ts";
import type { OpenRecord } from "./record.ts";
import { translate } from "./send.ts";
import { isEventStream } from "./event-stream.ts";
import { whenThere } from "./soon.ts";
import { type StreamEnd, type TappedStream, tapStream } from "./tap.ts";

/** More than this in one header block is refused: it would have to be held as a whole, per call. */
const maxHeaderBytes = 256 * 1024;

/** What a reply needs of the call it belongs to. */
export interface RelayContext {
  readonly call: Call;
  readonly route: Route;
  readonly clock: CallClock;
  readonly record: OpenRecord;
  readonly ledger: Ledger;
  readonly usage: CallUsage;
}

/**
 * The upstream's reply as the client's: status, end-to-end headers and bytes as they came. Small replies of known
 * length are read whole; everything else flows under one tap. Finishes the record when the last byte is out.
 */
export async function relay(upstream: Response, context: RelayContext): Promise<Response> {
  const { call, clock, record, route, ledger, usage } = context;
  const { status, headers } = upstream;
  const seen = headers.toJSON();
  if (status < 200 || status > 599 || sizeOf(seen) > maxHeaderBytes) {
    const error = new GatewayError("upstream_protocol");
    clock.abort(error);
    throw error;
  }
  keepEndToEnd(headers, seen);
  if (costHeader in seen && !route.trustsUpstreamCost) headers.delete(costHeader);
  headers.set("x-litellm-call-id", call.id);
  tellLimits(headers, seen, record);
  tellTarget(headers, context);
  keepApart(headers, seen, status);
  const events = isEventStream(seen);
  if (events) headers.set("x-accel-buffering", "no");

  if (call.method === "HEAD" || hasNoBody(status)) {
    usage.watch(status, seen);
    record.copy?.replyHead(status, headers);
    clock.stop();
    await record.finish(status, null);
    tellCost(headers, record);
    if (isMoney(record)) await ledger.written();
    return new Response(null, { status, headers });
  }
  clock.wait("upstream_idle", route.deadlines.idleMs);
  try {
    if (events || !isSmall(seen)) {
      tellCost(headers, record);
      const { stream, begin } = flow(upstream, seen, context);
      // One turn: what breaks together with its head can still be told as an error. Events wait for nothing.
      if (!events) await Promise.race([begin(), new Promise((resolve) => setImmediate(resolve))]);
      return new Response(stream, { status, headers });
    }
    const bytes = await upstream.arrayBuffer(); // without a look at `body`, which would make it a stream
    record.passed(bytes.byteLength);
    record.copy?.replyHead(status, headers);
    record.copy?.reply(new Uint8Array(bytes));
    clock.stop();
    usage.read(status, seen, bytes);
    const late = record.finish(status, null);
    if (late !== undefined) await late;
    tellCost(headers, record);
    if (isMoney(record)) await ledger.written(); // the last byte leaves after the row is kept
    return new Response(bytes, { status, headers });
  } catch (cause) {
    throw clock.error ?? translate(cause);
  }
}

/** By a length that counts: beside chunks it does not (RFC 9112 §6.3), and said twice it is none. */
function isSmall(seen: SeenHeaders): boolean {
  return (
    seen["transfer-encoding"] === undefined &&
    Number(seen["content-length"] ?? Number.NaN) <= wholeBytes
  );
}

function flow(
  { body, headers, status }: Response,
  seen: SeenHeaders,
  { clock, record, route, ledger, usage }: RelayContext,
): Pick<TappedStream, "begin"> & { readonly stream: TappedStream["stream"] | null } {
  const { idleMs, clientIdleMs } = route.deadlines;
  const meter = usage.watch(status, seen);
  const editor = usage.editor(seen, meter);
  if (editor !== null) headers.delete("content-length");
  const watch = editor === null ? meter : null;
  const { copy } = record;
  copy?.replyHead(status, headers);
  const end = (how: StreamEnd, cause: unknown) => {
    clock.onAbort(null);
    const error = how === "done" ? null : endedBy(how, cause, clock);
    const told = record.finish(status, error);
    if (how === "cancelled") clock.abort(new GatewayError("client_closed"));
    clock.stop();
    if (how !== "done") return told;
    return whenThere(told, () => {
      if (isMoney(record)) ledger.writeNow(); // before the last byte leaves
    });
  };
  if (body === null) {
    void end("done", null);
    return { stream: null, begin: () => Promise.resolve() };
  }
  const { stream, fail, leave, begin } = tapStream(
    editor === null ? body : editFrames(body, editor),
    {
      asked: () => clock.wait("upstream_idle", idleMs),
      chunk: (chunk) => {
        record.passed(chunk.byteLength);
        watch?.chunk(chunk);
        copy?.reply(chunk);
        clock.wait("client_stalled", clientIdleMs);
      },
      end,
      drains: () =>
        meter !== null && route.drainsOnDisconnect && draining.begin(clock, record.ownerId),
      drained: (chunk) => {
        watch?.chunk(chunk);
        clock.wait("upstream_idle", idleMs);
      },
    },
  );
  clock.onAbort(fail);
  if (route.drainsOnDisconnect) clock.onClientGone(() => leave(null));
  return { stream, begin };
}

/** Something is booked for the call. */
function isMoney({ costNanoUsd }: OpenRecord): boolean {
  return costNanoUsd !== null && costNanoUsd > 0;
}

/** What is left of the caller's limits. The upstream's own rate limits win. */
function tellLimits(headers: Headers, seen: SeenHeaders, record: OpenRecord): void {
  const limits = record.limitHeaders();
  for (const name in limits) {
    if (name in seen && name.startsWith("x-ratelimit-")) continue;
    headers.set(name, limits[name] ?? "");
  }
}

/** Where the call went, for those who may know, and how long it took so far. */
function tellTarget(headers: Headers, { route, record }: RelayContext): void {
  const { durationMs, overheadMs } = record.times();
  headers.set("x-litellm-response-duration-ms", durationMs.toFixed(2));
  headers.set("x-litellm-overhead-duration-ms", overheadMs.toFixed(2));
  if (record.isAuthenticated) headers.set("x-litellm-model-api-base", route.toldTarget);
}

const costHeader = "x-litellm-response-cost";

/** As far as it is known: flat ones before the reply, others after it. */
function tellCost(headers: Headers, record: OpenRecord): void {
  const { costNanoUsd } = record;
  if (costNanoUsd !== null && isMoney(record)) headers.set(costHeader, usdText(costNanoUsd));
}

/** Who left has left, whatever ends the reading afterwards. */
function endedBy(how: StreamEnd, cause: unknown, clock: CallClock): GatewayError {
  return how === "cancelled" ? endOf(how, cause) : (clock.error ?? endOf(how, cause));
}

function endOf(how: StreamEnd, cause: unknown): GatewayError {
  if (how === "cancelled") return new GatewayError("client_closed");
  return new GatewayError("stream_broken", { cause: translate(cause).cause });
}

/** Statuses that never have a body (RFC 9110 §15). */
function hasNoBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

type SeenHeaders = ReturnType<Headers["toJSON"]>;

const unrelayed: ReadonlySet<string> = new Set([...hopByHop, ...ofWholeOrigin]);

/**
 * Takes out what belongs to the connection, or to the upstream's origin. The reply's own headers are ours to change:
 * nobody else reads them.
 */
function keepEndToEnd(headers: Headers, seen: SeenHeaders): void {
  const named = connectionNames(seen["connection"]);
  for (const name in seen) if (unrelayed.has(name) || named.has(name)) headers.delete(name);
}

function sizeOf(seen: SeenHeaders): number {
  let bytes = 0;
  for (const name in seen) bytes += name.length + (seen[name]?.length ?? 0) + 4;
  for (const cookie of seen["set-cookie"] ?? []) bytes += cookie.length;
  return bytes;
}
