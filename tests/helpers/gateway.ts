import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A line of the program's own log. */
export type LogLine = Record<string, unknown>;

export interface GatewayOptions {
  /** Further arguments; `--config`, `--port` and `--data-dir` are added unless they are among them. */
  readonly args?: readonly string[];
  /** The whole environment, beside PATH, HOME and TMPDIR. */
  readonly env?: Record<string, string | undefined>;
  /** Written beside config.yaml, by relative path. */
  readonly files?: Record<string, string>;
  /** "exit" waits for the end of a start that must fail. */
  readonly waitFor?: "listening" | "exit";
  /** A folder of another gateway to run in, which then is not removed. */
  readonly dir?: string;
  /** A command that ends in running its arguments: a namespace, a limit. */
  readonly wrap?: readonly string[];
}

/** A whole gateway in a process of its own. */
export interface Gateway extends AsyncDisposable {
  /** By address, so that no name has to be resolved. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dir: string;
  readonly configPath: string;
  stderr(): string;
  stdout(): string;
  /** The lines of its log that are JSON objects. */
  lines(): LogLine[];
  /** The first line that fits, already there or yet to come. */
  waitForLine(predicate: (line: LogLine) => boolean, timeoutMs?: number): Promise<LogLine>;
  signal(signal: NodeJS.Signals): void;
  /** Its exit code; 128 + n where signal n ended it. */
  readonly exited: Promise<number>;
}

const readyWithinMs = 10_000;

/** Starts a gateway from the YAML a user would write, on a free port; `TOLLGATE_BIN` picks a compiled one. */
export async function startGateway(yaml: string, options: GatewayOptions = {}): Promise<Gateway> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), "tollgate-test-"));
  const configPath = join(dir, "config.yaml");
  writeFiles(dir, { ...options.files, "config.yaml": yaml });
  const args = withDefaults(options.args ?? [], {
    "--config": configPath,
    "--port": "0",
    "--data-dir": join(dir, "data"),
  });
  const child = spawn(args, { cwd: dir, env: options.env ?? {}, wrap: options.wrap ?? [] });
  const waitForLine = lineWaiter(child);
  const gateway = {
    pid: child.pid,
    dir,
    configPath,
    stderr: child.stderr,
    stdout: child.stdout,
    lines: () => jsonLines(child.stderr()),
    waitForLine,
    signal: child.kill,
    exited: child.exited,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
  try {
    const port =
      options.waitFor === "exit" ? await exitOf(child) : await portOf(child, waitForLine);
    return { ...gateway, port, url: `${schemeOf(child.stderr())}://127.0.0.1:${port}` };
  } catch (error) {
    await gateway[Symbol.asyncDispose]();
    throw error;
  }
}

export interface CommandOptions {
  readonly env?: Record<string, string | undefined>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

/** Runs one command of the program to its end. */
export async function runTollgate(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const cwd = options.cwd ?? tmpdir();
  const child = spawn(args, { cwd, env: options.env ?? {}, wrap: [] });
  const timer = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs ?? readyWithinMs);
  const code = await child.exited;
  clearTimeout(timer);
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}

interface Child {
  readonly pid: number;
  readonly exited: Promise<number>;
  stdout(): string;
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
}

const mainFile = join(import.meta.dir, "../../src/main.ts");

interface SpawnOptions {
  readonly cwd: string;
  readonly env: Record<string, string | undefined>;
  readonly wrap: readonly string[];
}

/** `exited` waits for the last byte of both streams too. */
function spawn(args: readonly string[], { cwd, env, wrap }: SpawnOptions): Child {
  const bin = process.env["TOLLGATE_BIN"];
  const program = bin ? [bin] : [process.execPath, mainFile];
  const child = Bun.spawn([...wrap, ...program, ...args], {
    cwd,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], TMPDIR: tmpdir(), ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const stdout = drain(child.stdout);
  const stderr = drain(child.stderr);
  return {
    pid: child.pid,
    exited: Promise.all([child.exited, stdout.ended, stderr.ended]).then(([code]) => code),
    stdout: stdout.text,
    stderr: stderr.text,
    kill: (signal) => child.kill(signal),
  };
}

/** Reads all the time: a full pipe must never be what a test measures. */
function drain(stream: ReadableStream<Uint8Array>) {
  const decoder = new TextDecoder();
  let text = "";
  const read = async () => {
    for await (const bytes of stream) text += decoder.decode(bytes, { stream: true });
  };
  return { text: () => text, ended: read() };
}

function jsonLines(text: string): LogLine[] {
  return text.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      const parsed: unknown = JSON.parse(line);
      return isLogLine(parsed) ? [parsed] : [];
    } catch {
      return []; // a line of which only a part has come
    }
  });
}

function isLogLine(value: unknown): value is LogLine {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function lineWaiter(child: Child) {
  return async (predicate: (line: LogLine) => boolean, timeoutMs = readyWithinMs) => {
    const deadline = performance.now() + timeoutMs;
    let exited = false;
    void child.exited.then(() => (exited = true));
    for (;;) {
      const last = exited;
      const found = jsonLines(child.stderr()).find(predicate);
      if (found !== undefined) return found;
      if (last) throw new Error(`the gateway exited\n${child.stderr()}`);
      if (performance.now() > deadline) throw new Error(`no such line\n${child.stderr()}`);
      await Bun.sleep(5);
    }
  };
}

async function portOf(child: Child, waitForLine: Gateway["waitForLine"]): Promise<number> {
  const { port } = await waitForLine(({ event }) => event === "listening");
  if (typeof port !== "number") throw new Error(`no port in the log\n${child.stderr()}`);
  return port;
}

async function exitOf(child: Child): Promise<0> {
  const late = Bun.sleep(readyWithinMs).then(() => "late" as const);
  if ((await Promise.race([child.exited, late])) === "late") {
    throw new Error(`the gateway did not exit\n${child.stderr()}`);
  }
  return 0;
}

function schemeOf(stderr: string): string {
  const url = jsonLines(stderr).find(({ event }) => event === "listening")?.["url"];
  return typeof url === "string" && url.startsWith("https:") ? "https" : "http";
}

function withDefaults(args: readonly string[], defaults: Record<string, string>): string[] {
  const missing = Object.entries(defaults).filter(
    ([flag]) => !args.some((arg) => arg === flag || arg.startsWith(`${flag}=`)),
  );
  return [...args, ...missing.flat()];
}

function writeFiles(dir: string, files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}
