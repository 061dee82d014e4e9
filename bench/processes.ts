import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How to start a process. With a `port` it is ready when it accepts there, else when it announces one. */
export interface Command {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Of a gateway. */
  readonly dataDirectory?: string;
}

/** A process of this run; disposing kills it. */
export interface Spawned extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  /** Where its stderr goes. */
  readonly logFile: string;
  /** Of a gateway; else null. */
  readonly dataDirectory: string | null;
  /** Whether there is still something to wait for: it runs, and was started less than 10 s ago. */
  mayStart(): boolean;
  /** What to say when it did not start. */
  startFault(): Error;
}

/** A process that listens on the loopback. */
export interface Running extends Spawned {
  readonly port: number;
}

const startLimitMs = 10_000;
const children = new Set<Bun.Subprocess>();
const folder = mkdtempSync(join(tmpdir(), "tollgate-bench-"));
let count = 0;

process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));

/** A new path in the run's own folder, which goes away at the end. */
export function scratchPath(name: string): string {
  return join(folder, `${++count}-${name}`);
}

/** Starts a process and does not wait for it. Its environment is bare, so that two machines measure the same. */
export function spawn(command: Command): Spawned {
  const { name } = command;
  const logFile = scratchPath(`${name}.log`);
  const log = openSync(logFile, "a");
  const { PATH = "", HOME = "/" } = process.env;
  const child = Bun.spawn([...command.argv], {
    env: { PATH, HOME, TMPDIR: folder, ...command.env },
    stdin: "ignore",
    stdout: "ignore",
    stderr: log,
  });
  closeSync(log);
  children.add(child);
  const until = performance.now() + startLimitMs;
  return {
    name,
    pid: child.pid,
    logFile,
    dataDirectory: command.dataDirectory ?? null,
    mayStart: () => child.exitCode === null && performance.now() < until,
    startFault() {
      const said = readFileSync(logFile, "utf8").slice(-600).trim();
      return new Error(`did not start (exit ${child.exitCode ?? "none"}): ${said}`);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
      children.delete(child);
    },
  };
}

/** Starts a process and waits until it listens. */
export async function start(command: Command): Promise<Running> {
  const child = spawn(command);
  while (child.mayStart()) {
    const port = command.port ? await accepts(command.port) : announcedPort(child.logFile);
    if (port !== null) return { ...child, port };
    await Bun.sleep(10);
  }
  await child[Symbol.asyncDispose]();
  throw child.startFault();
}

/** A port that was free a moment ago. */
export function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  listener.stop(true);
  return listener.port;
}

async function accepts(port: number): Promise<number | null> {
  try {
    const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } });
    socket.terminate();
    return port;
  } catch {
    return null;
  }
}

/** The port that a log tells; null while it tells none. */
export function announcedPort(logFile: string): number | null {
  const line = /^\{.*"event":"listening".*\}$/m.exec(readFileSync(logFile, "utf8"))?.[0];
  return line === undefined ? null : Number(JSON.parse(line).port);
}
