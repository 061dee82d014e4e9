import { createServer, type Socket } from "node:net";
import { bodyReader, framingOf, readHead, type BodyReader, type Head } from "./http1.ts";

/** One step of a script; the steps run in order once the request is there. */
export type Step =
  | { readonly write: string | Uint8Array }
  | { readonly wait: number }
  | { readonly call: () => void }
  /** Stops or resumes reading from the socket, or waits for the end of the request's body. */
  | { readonly read: "pause" | "resume" | "body" }
  /** FIN, RST, or silence for ever. */
  | { readonly end: "close" | "reset" | "hang" };

/** What an upstream answers: the steps, or a function that makes them out of the request. */
export type Script = readonly Step[] | ((request: RecordedRequest) => readonly Step[]);

/** A request as its bytes came in. */
export interface RecordedRequest {
  readonly requestLine: string;
  readonly method: string;
  /** The request target as sent, query included. */
  readonly target: string;
  /** Header lines, order and case kept. */
  readonly headerLines: readonly string[];
  /** All bytes so far, chunked coding included. */
  raw(): Buffer;
  /** The body's bytes so far, chunked coding taken off. */
  body(): Buffer;
  /** Decoded bytes that have come, also those beyond what is kept. */
  bodySize(): number;
  /** "open" while bytes may still come, "aborted" when the connection ended before the body did. */
  ended(): "open" | "complete" | "aborted";
  /** When the other side ended the connection, by `performance.now()`; null while it has not. */
  closedAt(): number | null;
  /** Counts the connections of this upstream from 0. */
  readonly connection: number;
  readonly receivedAt: number;
}

export interface RawUpstreamOptions {
  /** Scripts by request path, without the query. */
  readonly scripts?: Record<string, Script>;
  /** For every other path; 200 with a small JSON body where left out. */
  readonly fallback?: Script;
  /** Runs scripts when the head is there, not the whole request. */
  readonly early?: boolean;
  /** Bytes kept of one request; the rest is counted only. */
  readonly keep?: number;
  readonly hostname?: string;
}

export interface RawUpstream extends Disposable {
  readonly url: string;
  readonly port: number;
  readonly requests: RecordedRequest[];
  /** May be changed while it runs. */
  readonly scripts: Map<string, Script>;
  /** Connections opened so far, and those still open. */
  connections(): { opened: number; open: number };
  /** Resolves with the first request that fits, already there or yet to come. */
  waitFor(
    predicate: (request: RecordedRequest) => boolean,
    timeoutMs?: number,
  ): Promise<RecordedRequest>;
}

/** A whole reply with its `Content-Length`; `headers` are lines without line ends. */
export function reply(status: string | number, headers: readonly string[], body = ""): Step {
  const bytes = Buffer.from(body, "latin1");
  const statusLine = typeof status === "number" ? `HTTP/1.1 ${status} X` : status;
  const lines = [statusLine, ...headers, `Content-Length: ${bytes.length}`];
  return { write: `${lines.join("\r\n")}\r\n\r\n${body}` };
}

const plainReply: Script = [reply("HTTP/1.1 200 OK", ["Content-Type: application/json"], "{}")];

/** Starts a scripted TCP server that keeps the exact bytes of every request. */
export async function startRawUpstream(options: RawUpstreamOptions = {}): Promise<RawUpstream> {
  const requests: RecordedRequest[] = [];
  const scripts = new Map(Object.entries(options.scripts ?? {}));
  const sockets = new Set<Socket>();
  let opened = 0;
  const fallback = options.fallback ?? plainReply;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    const connection = opened++;
    socket.on("close", () => sockets.delete(socket));
    serve(socket, {
      connection,
      keep: options.keep ?? 32 * 1024 * 1024,
      early: options.early ?? false,
      onRequest: (request) => requests.push(request),
      scriptFor: (request) => scripts.get(request.target.replace(/\?.*/s, "")) ?? fallback,
    });
  });
  const hostname = options.hostname ?? "127.0.0.1";
  await new Promise<void>((done) => server.listen(0, hostname, () => done()));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the upstream has no port");

  return {
    url: `http://${hostname}:${address.port}`,
    port: address.port,
    requests,
    scripts,
    connections: () => ({ opened, open: sockets.size }),
    async waitFor(predicate, timeoutMs = 5_000) {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const found = requests.find(predicate);
        if (found !== undefined) return found;
        if (performance.now() > deadline) throw new Error("the request did not reach the upstream");
        await Bun.sleep(2);
      }
    },
    [Symbol.dispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

interface Serving {
  readonly connection: number;
  readonly keep: number;
  readonly early: boolean;
  onRequest(request: RecordedRequest): void;
  scriptFor(request: RecordedRequest): Script;
}

interface Reading {
  readonly request: RecordedRequest;
  readonly reader: BodyReader;
  readonly raw: Buffer[];
  readonly whole: PromiseWithResolvers<void>;
}

/** Splits a connection into requests; one script at a time, so answers keep the requests' order. */
function serve(socket: Socket, serving: Serving) {
  let pending: Buffer = Buffer.alloc(0);
  let reading: Reading | null = null;
  let closedAt: number | null = null;
  let queue = Promise.resolve();

  function start(head: Head, bytes: Buffer): Reading {
    const reader = bodyReader(framingOf(head.lines, { kind: "none" }), serving.keep);
    const raw = [Buffer.from(bytes)];
    const request = describe(head, reader, raw, { serving, closedAt: () => closedAt });
    const whole = Promise.withResolvers<void>();
    serving.onRequest(request);
    queue = queue
      .then(() => (serving.early ? undefined : whole.promise))
      .then(() => play(socket, serving.scriptFor(request), request, whole.promise))
      .catch(() => void socket.destroy());
    return { request, reader, raw, whole };
  }

  function take(bytes: Buffer) {
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
    while (pending.length > 0) {
      if (reading === null) {
        const head = readHead(pending);
        if (head === null) return;
        reading = start(head, pending.subarray(0, head.length));
        pending = pending.subarray(head.length);
      }
      const rest = reading.reader.feed(pending);
      const eaten = pending.subarray(0, pending.length - rest.length);
      if (reading.reader.size <= serving.keep) reading.raw.push(Buffer.from(eaten));
      pending = rest;
      if (!reading.reader.complete) return;
      reading.whole.resolve();
      reading = null;
    }
  }

  const leave = () => (closedAt ??= performance.now());
  socket.on("data", take);
  socket.on("error", leave);
  socket.on("close", leave);
  socket.on("end", () => {
    leave();
    if (reading === null) void queue.then(() => socket.end());
    else socket.end();
  });
}

function describe(
  head: Head,
  reader: BodyReader,
  raw: Buffer[],
  { serving, closedAt }: { serving: Serving; closedAt: () => number | null },
): RecordedRequest {
  const [method = "", target = ""] = head.startLine.split(" ");
  return {
    requestLine: head.startLine,
    method,
    target,
    headerLines: head.lines,
    raw: () => Buffer.concat(raw),
    body: () => reader.body(),
    bodySize: () => reader.size,
    ended: () => (reader.complete ? "complete" : closedAt() === null ? "open" : "aborted"),
    closedAt,
    connection: serving.connection,
    receivedAt: performance.now(),
  };
}

async function play(
  socket: Socket,
  script: Script,
  request: RecordedRequest,
  whole: Promise<void>,
): Promise<void> {
  for (const step of typeof script === "function" ? script(request) : script) {
    if (socket.destroyed) return;
    if ("write" in step) {
      const bytes = typeof step.write === "string" ? Buffer.from(step.write, "latin1") : step.write;
      if (!socket.write(bytes)) await left(socket, "drain");
    } else if ("wait" in step) {
      await Bun.sleep(step.wait);
    } else if ("call" in step) {
      step.call();
    } else if ("read" in step) {
      if (step.read === "pause") socket.pause();
      else if (step.read === "resume") socket.resume();
      else await whole;
    } else if (step.end === "close") {
      socket.end();
    } else if (step.end === "reset") {
      socket.resetAndDestroy();
    } else {
      await left(socket, "end");
    }
  }
}

/** Waits for an event, or for the socket's close, after which none comes. */
function left(socket: Socket, event: "drain" | "end"): Promise<void> {
  return new Promise((done) => {
    socket.once(event, () => done());
    socket.once("close", () => done());
  });
}
