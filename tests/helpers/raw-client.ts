import { connect, type Socket } from "node:net";
import { bodyReader, framingOf, headerList, readHead, type Framing, type Head } from "./http1.ts";

/** Bytes to send; a string is latin1, a number in a list is a pause in milliseconds. */
export type RawInput = string | Uint8Array | readonly (string | Uint8Array | number)[];

export interface RawOptions {
  /** Gives up after this long without the end it waits for; 5 s. */
  readonly timeoutMs?: number;
  /** Final replies to wait for, interim ones not counted; 1. Infinity waits for the connection's end. */
  readonly replies?: number;
  /** Stays this long after the last reply, to see whether the connection is closed. */
  readonly lingerMs?: number;
  /** The request's method, where it decides the reply's framing. */
  readonly method?: "HEAD" | "CONNECT";
  /** After the last byte: FIN, RST, or nothing. */
  readonly after?: "keep" | "fin" | "reset";
  readonly hostname?: string;
}

export interface RawResponse {
  readonly statusLine: string;
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  /** Every value of a header, in order. */
  values(name: string): string[];
  /** The decoded body. */
  readonly body: Buffer;
  readonly framing: Framing["kind"];
  /** False where the connection ended, or the wait did, before the body. */
  readonly complete: boolean;
}

/** All that came back: the first final reply's parts at the top, every reply in `responses`. */
export interface RawReply extends RawResponse {
  readonly bytes: Buffer;
  readonly text: string;
  readonly responses: readonly RawResponse[];
  /** How it ended; "open" when the replies were there and the server had not closed. */
  readonly ended: "fin" | "reset" | "timeout" | "open";
  /** When which bytes came, by `performance.now()`. */
  readonly arrivals: readonly { readonly at: number; readonly bytes: Buffer }[];
}

/** Sends bytes over a fresh connection and reads what comes back; knows nothing but HTTP/1.1's framing. */
export async function rawRequest(
  port: number,
  input: RawInput,
  options: RawOptions = {},
): Promise<RawReply> {
  const socket = await open(port, options.hostname ?? "127.0.0.1");
  const arrivals: { at: number; bytes: Buffer }[] = [];
  const ended = watch(socket, arrivals, options);
  await send(socket, input);
  if (options.after === "fin") socket.end();
  if (options.after === "reset") socket.resetAndDestroy();
  const how = await ended;
  socket.destroy();
  return describe(arrivals, how, options);
}

function open(port: number, host: string): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect({ port, host, allowHalfOpen: true }, () => done(socket));
    socket.once("error", fail);
  });
}

async function send(socket: Socket, input: RawInput): Promise<void> {
  const pieces = typeof input === "string" || input instanceof Uint8Array ? [input] : input;
  for (const piece of pieces) {
    if (socket.destroyed) return;
    if (typeof piece === "number") await Bun.sleep(piece);
    else socket.write(typeof piece === "string" ? Buffer.from(piece, "latin1") : piece);
  }
}

/** Resolves when the wanted replies are there, the connection ends, or the time is over. */
function watch(
  socket: Socket,
  arrivals: { at: number; bytes: Buffer }[],
  options: RawOptions,
): Promise<RawReply["ended"]> {
  const { replies = 1, lingerMs = 0, timeoutMs = 5_000 } = options;
  return new Promise((done) => {
    const timer = setTimeout(() => done("timeout"), timeoutMs);
    const finish = (how: RawReply["ended"]) => {
      clearTimeout(timer);
      done(how);
    };
    let enough = false;
    socket.on("data", (bytes) => {
      arrivals.push({
        at: performance.now(),
        bytes: typeof bytes === "string" ? Buffer.from(bytes) : bytes,
      });
      if (enough || replies === Infinity) return;
      const whole = parse(arrivals, options).filter((each) => each.complete && each.status >= 200);
      enough = whole.length >= replies;
      if (enough) setTimeout(() => finish("open"), lingerMs);
    });
    socket.on("end", () => finish("fin"));
    socket.on("error", () => finish("reset"));
    socket.on("close", () => finish("reset"));
  });
}

function describe(
  arrivals: RawReply["arrivals"],
  ended: RawReply["ended"],
  options: RawOptions,
): RawReply {
  const bytes = Buffer.concat(arrivals.map((each) => each.bytes));
  const responses = parse(arrivals, options, ended === "fin");
  const final = responses.find((each) => each.status >= 200 || each.status === 101) ?? none;
  return { ...final, bytes, text: bytes.toString("latin1"), responses, ended, arrivals };
}

const none: RawResponse = {
  statusLine: "",
  status: 0,
  headers: [],
  values: () => [],
  body: Buffer.alloc(0),
  framing: "none",
  complete: false,
};

function parse(
  arrivals: RawReply["arrivals"],
  options: RawOptions,
  closed = false,
): readonly RawResponse[] {
  let rest = Buffer.concat(arrivals.map((each) => each.bytes));
  const responses: RawResponse[] = [];
  for (let head = readHead(rest); head !== null; head = readHead(rest)) {
    const reader = bodyReader(replyFraming(head, options));
    rest = Buffer.from(reader.feed(rest.subarray(head.length)));
    responses.push(response(head, reader, replyFraming(head, options).kind, closed));
    if (!reader.complete) break;
  }
  return responses;
}

/** RFC 9112 §6.3. */
function replyFraming(head: Head, { method }: RawOptions): Framing {
  const status = statusOf(head);
  const bodiless = status < 200 || status === 204 || status === 304;
  if (bodiless || method === "HEAD" || (method === "CONNECT" && status < 300))
    return { kind: "none" };
  return framingOf(head.lines, { kind: "close" });
}

function response(
  head: Head,
  reader: ReturnType<typeof bodyReader>,
  framing: Framing["kind"],
  closed: boolean,
): RawResponse {
  const headers = headerList(head.lines);
  return {
    statusLine: head.startLine,
    status: statusOf(head),
    headers,
    values: (name) =>
      headers
        .filter(([each]) => each.toLowerCase() === name.toLowerCase())
        .map(([, value]) => value),
    body: reader.body(),
    framing,
    complete: reader.complete || (framing === "close" && closed),
  };
}

function statusOf(head: Head): number {
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(head.startLine)?.[1] ?? 0);
}
