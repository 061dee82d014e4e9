import { connect, type Socket } from "node:net";
import { bodyReader, framingOf, headerList, readHead } from "../helpers/http1.ts";

/** What one call was answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Of an error of the gateway's own; else empty. */
  readonly type: string;
  /** Of an error of the gateway's own; else empty. */
  readonly message: string;
}

/** As many connections are opened at a time, so that no backlog overflows. */
const dialed = 250;

/**
 * Calls all at once: every connection is open before the first byte is sent. Answers stand in the requests' order.
 * Throws where one is not answered.
 */
export async function crowd(
  port: number,
  requests: readonly (string | Uint8Array)[],
): Promise<Answer[]> {
  const sockets: Socket[] = [];
  while (sockets.length < requests.length) {
    const some = Math.min(dialed, requests.length - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: some }, () => dial(port)))));
  }
  const answers = sockets.map(answerOf);
  requests.forEach((request, index) => sockets[index]?.write(request));
  try {
    return await Promise.all(answers);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

/** The same request so many times at once. */
export function times(
  port: number,
  count: number,
  request: string | Uint8Array,
): Promise<Answer[]> {
  return crowd(
    port,
    Array.from({ length: count }, () => request),
  );
}

/** One call over a connection of its own. */
export async function call(port: number, request: string | Uint8Array): Promise<Answer> {
  const [answer] = await crowd(port, [request]);
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

/** How often each status came, and each type of the gateway's errors. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, type } of answers) {
    const name = type === "" ? String(status) : `${status} ${type}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

export function dial(port: number): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => done(socket));
    socket.on("error", fail); // stays: a reset between two calls is no fault of a test
  });
}

/** The next answer on a connection, of a request that is not HEAD. */
export function answerOf(socket: Socket): Promise<Answer> {
  return new Promise((done, fail) => {
    let bytes: Buffer = Buffer.alloc(0);
    if (socket.destroyed) throw new Error("closed before the call");
    const take = (more: Buffer) => {
      bytes = bytes.length === 0 ? more : Buffer.concat([bytes, more]);
      const answer = parsed(bytes);
      if (answer === null) return;
      socket.off("data", take).off("close", leave).off("error", fail);
      done(answer);
    };
    const leave = () => fail(new Error(`closed after ${bytes.toString("latin1", 0, 200)}`));
    socket.on("data", take).on("close", leave);
    socket.on("error", fail);
  });
}

/** Null while it is not whole. */
function parsed(bytes: Buffer): Answer | null {
  const head = readHead(bytes);
  if (head === null) return null;
  const status = Number(head.startLine.split(" ")[1]);
  const bodiless = status === 204 || status === 304;
  const reader = bodyReader(bodiless ? { kind: "none" } : framingOf(head.lines, { kind: "close" }));
  reader.feed(bytes.subarray(head.length));
  if (!reader.complete) return null;
  const headers: Record<string, string> = {};
  for (const [name, value] of headerList(head.lines)) headers[name.toLowerCase()] = value;
  const body = reader.body().toString();
  return { status, headers, body, ...errorIn(body) };
}

function errorIn(body: string): { type: string; message: string } {
  const none = { type: "", message: "" };
  if (!body.startsWith('{"error":')) return none;
  const { error }: { error: unknown } = JSON.parse(body);
  if (typeof error !== "object" || error === null) return none;
  const text = (name: string) => String(Reflect.get(error, name) ?? "");
  return { type: text("type"), message: text("message") };
}
