import { existsSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";

/** A client that a test drives step by step, and that sees bytes as they come. */
export interface LiveClient extends Disposable {
  /** Resolves once the bytes are handed to the kernel, so that a full connection holds the test up. */
  write(bytes: string | Uint8Array): Promise<void>;
  received(): Buffer;
  /** Resolves once what has come holds `text`; fails after `timeoutMs`. */
  waitFor(text: string, timeoutMs?: number): Promise<void>;
  /** When the bytes up to and with `text` were there, by `performance.now()`; null while they are not. */
  arrivedAt(text: string): number | null;
  /** Resolves when the connection is over, with how; fails after `timeoutMs`. */
  ended(timeoutMs?: number): Promise<"fin" | "reset">;
  /** Stops taking bytes, or takes them again. */
  pause(): void;
  resume(): void;
  /** Ends the connection at once. */
  leave(how: "fin" | "reset"): void;
}

/** Opens a connection to a port of this machine. */
export async function connectLive(port: number, host = "127.0.0.1"): Promise<LiveClient> {
  const socket = await open(port, host);
  const arrivals: { readonly at: number; readonly bytes: Buffer }[] = [];
  let how: "fin" | "reset" | null = null;
  socket.on("data", (bytes) => arrivals.push({ at: performance.now(), bytes: Buffer.from(bytes) }));
  socket.on("end", () => (how ??= "fin"));
  socket.on("error", () => (how ??= "reset"));
  socket.on("close", () => (how ??= "reset"));
  const received = () => Buffer.concat(arrivals.map(({ bytes }) => bytes));
  const arrivedAt = (text: string) => {
    const end = received().indexOf(text, 0, "latin1") + Buffer.byteLength(text, "latin1");
    if (!received().includes(text, 0, "latin1")) return null;
    let seen = 0;
    return arrivals.find(({ bytes }) => (seen += bytes.length) >= end)?.at ?? null;
  };
  return {
    write: (bytes) =>
      new Promise((done) => {
        const text = typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes;
        socket.write(text, () => done());
      }),
    received,
    waitFor: (text, timeoutMs) =>
      until(() => (received().includes(text, 0, "latin1") ? true : null), timeoutMs).then(() => {}),
    arrivedAt,
    ended: (timeoutMs) => until(() => how, timeoutMs),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    leave: (leaving) => (leaving === "fin" ? void socket.destroy() : socket.resetAndDestroy()),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

function open(port: number, host: string): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect({ port, host, allowHalfOpen: true }, () => done(socket));
    socket.once("error", fail);
  });
}

/** Asks until there is an answer other than null. */
export async function until<T>(look: () => T | null, timeoutMs = 5_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = look();
    if (found !== null) return found;
    if (performance.now() > deadline) throw new Error(`nothing within ${timeoutMs} ms`);
    await Bun.sleep(2);
  }
}

/** Resident memory of a process in bytes; 0 where there is no /proc. */
export function residentBytes(pid: number): number {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return 0;
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(file, "utf8"))?.[1]) * 1024;
}
