import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { startGateway } from "../helpers/gateway.ts";
import { config } from "./wire.ts";

const long = process.env["TOLLGATE_LONG"] === "1";
const MiB = 1024 * 1024;
const bytesEach = (long ? 4_096 : 64) * MiB;
const parallel = 4;

/** One MiB that differs from offset to offset, so that a lost or doubled piece shows in the hash. */
const block = Uint8Array.from({ length: MiB }, (_, index) => (index * 31 + (index >> 8)) & 0xff);

test(
  `${parallel} uploads and ${parallel} downloads of ${bytesEach / MiB} MiB at once keep their bytes, in little memory`,
  async () => {
    using upstream = startPeer();
    await using gateway = await startGateway(
      config([
        `path: /up, target: "${upstream.url}up", auth: false, max_body_size: 8589934592`,
        `path: /down, target: "${upstream.url}down", auth: false`,
      ]),
    );
    await Promise.all(everyWay(gateway.url, 4 * MiB)); // what a first call needs is not what a large one needs
    const before = residentBytes(gateway.pid);
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, residentBytes(gateway.pid))), 20);

    const hashes = await Promise.all(everyWay(gateway.url, bytesEach));
    clearInterval(watch);

    expect(new Set(hashes)).toEqual(new Set([hashOf(bytesEach)]));
    expect((peak - before) / MiB).toBeLessThan(64);
  },
  long ? 1_200_000 : 30_000,
);

function everyWay(url: string, size: number): Promise<string>[] {
  return Array.from({ length: parallel }, () => [upload(url, size), download(url, size)]).flat();
}

async function upload(url: string, size: number): Promise<string> {
  const reply = await fetch(`${url}/up`, { method: "POST", body: blocks(size) });
  return reply.text();
}

async function download(url: string, size: number): Promise<string> {
  const reply = await fetch(`${url}/down?size=${size}`);
  return hash(reply.body);
}

function startPeer() {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    fetch: async (request) => {
      const size = new URL(request.url).searchParams.get("size");
      return new Response(size === null ? await hash(request.body) : blocks(Number(size)));
    },
  });
  return { url: server.url.href, [Symbol.dispose]: () => void server.stop(true) };
}

function blocks(size: number): ReadableStream<Uint8Array> {
  let left = size;
  return new ReadableStream(
    {
      pull: (controller) => {
        if (left === 0) controller.close();
        else controller.enqueue(block.slice());
        left = Math.max(0, left - MiB);
      },
    },
    { highWaterMark: 0 },
  );
}

async function hash(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const chunk of body ?? []) hasher.update(chunk);
  return hasher.digest("hex");
}

function hashOf(size: number): string {
  const hasher = new Bun.CryptoHasher("sha256");
  for (let done = 0; done < size; done += MiB) hasher.update(block);
  return hasher.digest("hex");
}

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}
