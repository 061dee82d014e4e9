import { readFileSync } from "node:fs";
import { join } from "node:path";

const entry = join(import.meta.dir, "sample-process.ts");

/** The sample upstream in a process of its own, for what only a process shows: memory, and timers left behind. */
export async function sampleProcess() {
  const child = Bun.spawn([process.execPath, entry], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  const { value } = await child.stdout.getReader().read();
  return {
    url: Buffer.from(value ?? [])
      .toString()
      .trim(),
    pid: child.pid,
    /** Stops the server and nothing else; resolves to what the process wrote to stderr, once it has ended by itself. */
    async stop(): Promise<string> {
      await child.stdin.end();
      await child.exited;
      return child.stderr.text();
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.exited;
    },
  };
}

/** The most memory a process has held, on Linux. */
export function peakBytes(pid: number): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kibibytes) * 1024;
}

if (import.meta.main) {
  const { startSample } = await import("../../src/sample/server.ts");
  const { url, stop } = startSample();
  process.stdout.write(`${url}\n`);
  await Bun.stdin.text();
  stop();
}
