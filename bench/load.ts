import { readFileSync } from "node:fs";
import { requestBody, requestHeaders } from "./payloads.ts";

/** What one run of a load driver found; the times are those of whole replies. */
export interface Load {
  readonly requests: number;
  readonly seconds: number;
  readonly errors: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface LoadOrder {
  readonly port: number;
  readonly path: string;
  /** The callers' keys, a line each: they are sent in turn. */
  readonly keysFile: string;
  readonly connections: number;
  readonly seconds: number;
}

/** A load driver: one thread, closed loop, keep-alive. */
export interface Driver {
  readonly name: string;
  run(order: LoadOrder): Promise<Load>;
}

/** `wrk` where it is installed, else `autocannon`, else the driver of this folder. */
export async function pickDriver(requestFile: string): Promise<Driver> {
  const head = Object.entries(requestHeaders).map(([name, value]) => `${name}: ${value}\n`);
  await Bun.write(requestFile, `${head.join("")}\n${requestBody}`);
  const wrk = Bun.which("wrk");
  if (wrk) return { name: "wrk", run: (order) => runWrk(wrk, requestFile, order) };
  const autocannon = Bun.which("autocannon");
  if (autocannon) return { name: "autocannon", run: (order) => runAutocannon(autocannon, order) };
  return { name: "bench/driver.ts", run: runOwn };
}

function runWrk(wrk: string, requestFile: string, order: LoadOrder): Promise<Load> {
  const { port, path, keysFile, connections, seconds } = order;
  const script = `${import.meta.dir}/wrk.lua`;
  const sizes = ["-t1", `-c${connections}`, `-d${Math.ceil(seconds)}s`];
  const url = `http://127.0.0.1:${port}${path}`;
  return benchLine([wrk, ...sizes, "-s", script, url], {
    BENCH_REQUEST: requestFile,
    BENCH_KEYS: keysFile,
  });
}

function runOwn({ port, path, keysFile, connections, seconds }: LoadOrder): Promise<Load> {
  const script = `${import.meta.dir}/driver.ts`;
  const sizes = [`${connections}`, `${seconds}`];
  return benchLine([process.execPath, script, `${port}`, path, keysFile, ...sizes]);
}

/** Whatever driver was picked: a closed loop keeps no rate. Without a size the body is the small one. */
export function runOpenLoop(order: LoadOrder, rate: number, bodyBytes = 0): Promise<Load> {
  const { port, path, keysFile, connections, seconds } = order;
  const script = `${import.meta.dir}/open-loop.ts`;
  const sizes = [connections, seconds, rate, bodyBytes].map(String);
  return benchLine([process.execPath, script, `${port}`, path, keysFile, ...sizes]);
}

async function runAutocannon(autocannon: string, order: LoadOrder): Promise<Load> {
  const { port, path, keysFile, connections, seconds } = order;
  const [key = "", ...more] = readFileSync(keysFile, "utf8").trim().split("\n");
  if (more.length > 0) return runOwn(order); // it sends one request and no other
  const all = { ...requestHeaders, authorization: `Bearer ${key}` };
  const headers = Object.entries(all).flatMap(([name, value]) => ["-H", `${name}=${value}`]);
  const sizes = ["-c", `${connections}`, "-d", `${Math.ceil(seconds)}`, "-m", "POST", "-j"];
  const url = `http://127.0.0.1:${port}${path}`;
  const out = await output([autocannon, ...sizes, ...headers, "-b", requestBody, url]);
  const { requests, duration, errors, timeouts, non2xx, latency } = JSON.parse(out);
  return {
    requests: requests.total,
    seconds: duration,
    errors: errors + timeouts + non2xx,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
  };
}

async function benchLine(argv: string[], env: Record<string, string> = {}): Promise<Load> {
  const out = await output(argv, env);
  const line = /^BENCH (.*)$/m.exec(out)?.[1];
  if (line === undefined) throw new Error(`${argv[0]} told nothing: ${out.slice(0, 300)}`);
  return JSON.parse(line);
}

async function output(argv: string[], env: Record<string, string> = {}): Promise<string> {
  const child = Bun.spawn(argv, {
    env: { ...process.env, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
  });
  return await new Response(child.stdout).text();
}
