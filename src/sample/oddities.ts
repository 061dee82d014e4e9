import { eventStream, serverSentEvent } from "./event-stream.ts";
import type { Target } from "./target.ts";

/** As long as a timer can be. */
const maxDelayMs = 2 ** 31 - 1;

const noBody: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Replies on demand, to try a gateway with, for any method: `/status/{code}`, `/delay/{ms}`, `/bytes/{n}`,
 * `/sse?events=&interval_ms=`. Null for every other path.
 */
export function findOddity(request: Request, { path, query }: Target): Promise<Response> | null {
  if (path.endsWith("/sse")) return Promise.resolve(events(new URLSearchParams(query)));
  const [, name, digits] = /\/(status|delay|bytes)\/(\d{1,15})$/.exec(path) ?? [];
  if (name === "status") return Promise.resolve(status(Number(digits)));
  if (name === "bytes") return Promise.resolve(bytes(Number(digits)));
  return name === "delay" ? delay(Number(digits), request.signal) : null;
}

function status(code: number): Response {
  if (code < 200 || code > 599) {
    return Response.json({ error: "The status must be from 200 to 599." }, { status: 400 });
  }
  return noBody.has(code)
    ? new Response(null, { status: code })
    : Response.json({ status: code }, { status: code });
}

/** A client that leaves ends the wait. */
async function delay(ms: number, signal: AbortSignal): Promise<Response> {
  const waitMs = Math.min(ms, maxDelayMs);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, waitMs);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
  return Response.json({ delayed_ms: waitMs });
}

function events(query: URLSearchParams): Response {
  const count = wholeNumber(query.get("events"), 10);
  const intervalMs = Math.min(wholeNumber(query.get("interval_ms"), 100), maxDelayMs);
  return eventStream(numbered(count), intervalMs);
}

function* numbered(count: number): Generator<string> {
  for (let id = 1; id <= count; id += 1) {
    yield `id: ${id}\n${serverSentEvent({ event: id, of: count })}`;
  }
}

function wholeNumber(text: string | null, otherwise: number): number {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : otherwise;
}

const block = new TextEncoder().encode("0123456789abcdef".repeat(4096));

/** `count` bytes, `0123456789abcdef` over and over, made no faster than the client takes them. */
function bytes(count: number): Response {
  let left = count;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const size = Math.min(left, block.length);
        left -= size;
        if (size > 0) controller.enqueue(block.subarray(0, size));
        if (left === 0) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(stream, { headers: { "content-type": "application/octet-stream" } });
}
