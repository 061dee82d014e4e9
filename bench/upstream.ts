/** The mock upstream, a process of its own: `bun bench/upstream.ts`. Replies are made before the first request. */
import { announce } from "./announce.ts";
import { chatEnd, chatEvent, chatPath, replies as replyTexts } from "./payloads.ts";

type Writer = ReadableStreamDefaultController<Uint8Array>;
interface Source {
  start?(writer: Writer): void;
  pull?(writer: Writer): void;
  cancel?(): void;
}

const encoder = new TextEncoder();
const replies = new Map(
  Object.entries(replyTexts).map(([path, text]) => [path, encoder.encode(text)]),
);
const clock = performance.timeOrigin;
const filler = "x".repeat(160);
const hugeBlock = new Uint8Array(65_536).fill(120);
const hugeBytes = 2 * 1_024 ** 3;
const chatEvents = Array.from({ length: 500 }, (_, index) => encoder.encode(chatEvent(index)));
const chatBlock = new Uint8Array(Buffer.concat(chatEvents));
const chatEndBytes = encoder.encode(chatEnd);

/** One timer for all streams of an interval, so that the upstream's own cost stays out of the way. */
const tickers = new Map<number, Set<() => void>>();
/** What `/counters` tells: bytes that the last huge reply gave away. */
const counters = { hugeBytesGiven: 0 };

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 0,
  maxRequestBodySize: 8 * 1_024 ** 3,
  fetch: answer,
});
announce(server.port);

async function answer(request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (url.pathname === "/pt/sink") return sink(request);
  await request.arrayBuffer();
  const fixed = url.search === "" ? replies.get(url.pathname) : undefined;
  if (fixed) return new Response(fixed, { headers: { "content-type": "application/json" } });
  switch (url.pathname) {
    case "/pt/sse":
      return events(count(url), Number(url.searchParams.get("ms")), event);
    case chatPath:
      return url.searchParams.has("ms") ? chat(url) : flood(count(url));
    case "/pt/idle":
      return eventStream({ start: (writer) => writer.enqueue(event(0)) });
    case "/pt/huge":
      return huge();
    case "/counters":
      return Response.json(counters);
    default:
      return new Response("ok");
  }
}

function count(url: URL): number {
  return Number(url.searchParams.get("events"));
}

function deltaOf(index: number): Uint8Array {
  return chatEvents[index % chatEvents.length] ?? chatEndBytes;
}

/** So many events of a chat and its end, one at a time. */
function chat(url: URL): Response {
  const last = count(url);
  const make = (index: number) => (index === last ? chatEndBytes : deltaOf(index));
  return events(last + 1, Number(url.searchParams.get("ms")), make);
}

/** So many events of a chat, as fast as they are taken: hundreds in a piece. */
function flood(count: number): Response {
  let blocks = Math.ceil(count / chatEvents.length);
  return eventStream({
    pull(writer) {
      if (blocks-- > 0) return writer.enqueue(chatBlock);
      writer.enqueue(chatEndBytes);
      writer.close();
    },
  });
}

/** `count` events, the first at once. */
function events(count: number, intervalMs: number, make: (index: number) => Uint8Array): Response {
  let sent = 0;
  let stop = () => {};
  return eventStream({
    start(writer) {
      const tick = () => {
        writer.enqueue(make(sent++));
        if (sent < count) return;
        stop();
        writer.close();
      };
      stop = every(intervalMs, tick);
      tick();
    },
    cancel: () => stop(),
  });
}

function every(intervalMs: number, tick: () => void): () => void {
  const ticks = tickers.get(intervalMs) ?? startTicker(intervalMs);
  ticks.add(tick);
  return () => void ticks.delete(tick);
}

function startTicker(intervalMs: number): Set<() => void> {
  const ticks = new Set<() => void>();
  setInterval(() => ticks.forEach((tick) => tick()), intervalMs);
  tickers.set(intervalMs, ticks);
  return ticks;
}

/** One event of about 250 bytes that tells when it was sent. */
function event(index: number): Uint8Array {
  const sentAt = (clock + performance.now()).toFixed(3);
  return encoder.encode(`data: {"index":${index},"sentAt":${sentAt},"delta":"${filler}"}\n\n`);
}

function huge(): Response {
  counters.hugeBytesGiven = 0;
  return new Response(
    new ReadableStream<Uint8Array>({
      pull(writer) {
        writer.enqueue(hugeBlock);
        counters.hugeBytesGiven += hugeBlock.length;
        if (counters.hugeBytesGiven >= hugeBytes) writer.close();
      },
    }),
    { headers: { "content-type": "application/octet-stream" } },
  );
}

async function sink(request: Request): Promise<Response> {
  const hash = new Bun.CryptoHasher("sha256");
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    hash.update(chunk);
  }
  return Response.json({ bytes, sha256: hash.digest("hex") });
}

function eventStream(source: Source): Response {
  return new Response(new ReadableStream(source), {
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache" },
  });
}
