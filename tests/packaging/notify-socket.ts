import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const receiver = `
import json, socket, struct, sys, time
address = sys.argv[1]
datagrams = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
datagrams.bind("\\0" + address[1:] if address[0] == "@" else address)
datagrams.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
print(json.dumps([0, 0, "bound"]), flush=True)
while True:
    data, [(_, _, sender)], _, _ = datagrams.recvmsg(65536, 4096)
    now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    print(json.dumps([now, struct.unpack("3i", sender)[0], data.decode()]), flush=True)
`;

/** One datagram, and the receiver's CLOCK_MONOTONIC when it came, in microseconds. */
export interface Notification {
  readonly receivedUsec: number;
  /** The sender, by the kernel's word. */
  readonly pid: number;
  readonly text: string;
}

/** A real datagram socket in another process, as the service manager has it. */
export interface NotifySocket extends Disposable {
  readonly address: string;
  next(): Promise<Notification>;
  /** Stops reading. */
  pause(): Promise<void>;
  /** Leaves the address behind with nobody reading it. */
  die(): Promise<void>;
}

/** Resolves once the address takes datagrams. */
export async function notifySocket(kind: "path" | "abstract" = "path"): Promise<NotifySocket> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-notify-"));
  const address = kind === "path" ? join(folder, "notify") : `@${folder}`;
  const child = Bun.spawn(["python3", "-c", receiver, address], { stdout: "pipe" });
  const lines = linesOf(child.stdout);
  const next = async () => {
    const { value } = await lines.next();
    if (value === undefined) throw new Error("the receiver ended");
    const [receivedUsec, pid, text]: [number, number, string] = JSON.parse(value);
    return { receivedUsec, pid, text };
  };
  await next();
  return {
    address,
    next,
    async pause() {
      child.kill("SIGSTOP");
      while (!/^\d+ \(.*\) T/.test(await Bun.file(`/proc/${child.pid}/stat`).text()))
        await Bun.sleep(1);
    },
    async die() {
      child.kill("SIGKILL");
      await child.exited;
    },
    [Symbol.dispose]() {
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  return undefined;
}
