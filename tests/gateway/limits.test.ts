import { expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { connectLive, type LiveClient, residentBytes, until } from "./live-client.ts";
import { config, errorType, get } from "./wire.ts";

const noLimits = Bun.which("prlimit") === null;

const streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: x\n\n";

/** An upstream whose `/hang` sends one event and then nothing, and a route to it. */
async function startHanging() {
  const upstream = await startRawUpstream({
    scripts: { "/hang": [{ write: streamHead }, { end: "hang" }] },
  });
  const yaml = config([`path: /u, target: "${upstream.url}", auth: false, include_subpath: true`]);
  return { upstream, yaml };
}

/** So many connections, each with a request under way; a few at a time, so that no backlog overflows. */
async function hold({ port }: Gateway, count: number): Promise<LiveClient[]> {
  const clients: LiveClient[] = [];
  while (clients.length < count) {
    const some = Math.min(100, count - clients.length);
    const next = await Promise.all(Array.from({ length: some }, () => connectLive(port)));
    for (const client of next) await client.write(get("/u/hang"));
    clients.push(...next);
  }
  return clients;
}

const answered = (clients: readonly LiveClient[]) =>
  clients.filter((each) => each.received().length > 0).length;

async function msOfNext({ port }: Gateway): Promise<number> {
  const startedAt = performance.now();
  const reply = await rawRequest(port, get("/u/next"));
  expect(reply.status).toBe(200);
  return performance.now() - startedAt;
}

test("1,000 streams that hang, and the next request is quick", async () => {
  const { upstream, yaml } = await startHanging();
  using _ = upstream;
  await using gateway = await startGateway(yaml);
  await msOfNext(gateway);
  const before = residentBytes(gateway.pid);

  const clients = await hold(gateway, 1_000);
  await until(() => (answered(clients) === 1_000 ? true : null), 8_000);

  expect(upstream.requests.filter(({ target }) => target === "/hang").length).toBe(1_000);
  const times = [];
  for (let n = 0; n < 10; n++) times.push(await msOfNext(gateway));
  expect(times.toSorted((a, b) => a - b)[5]).toBeLessThan(50);
  expect(residentBytes(gateway.pid) - before).toBeLessThan(1_000 * 64 * 1024);
  for (const client of clients) client.leave("reset");
  await until(() => (upstream.connections().open <= 10 ? true : null));
}, 20_000);

test.skipIf(noLimits)(
  "short of files: what is under way is served, more is a 503, and after that all is well",
  async () => {
    const { upstream, yaml } = await startHanging();
    using _ = upstream;
    await using gateway = await withFileLimit(2_048, () => startGateway(yaml));

    const clients = await hold(gateway, 1_200);
    await until(() => (answered(clients) === 1_200 ? true : null), 8_000);

    const statuses = clients.map((each) => each.received().toString("latin1", 9, 12));
    const served = statuses.filter((status) => status === "200").length;
    expect(served).toBeGreaterThan(900);
    expect(statuses.filter((status) => status === "503").length).toBe(1_200 - served);
    const refused = await rawRequest(gateway.port, get("/u/next"));
    expect([refused.status, errorType(refused)]).toEqual([503, "overloaded"]);
    expect(gateway.stderr()).toContain("file_limit");

    for (const client of clients) client.leave("reset");
    const releasedAt = performance.now();
    await untilServed(gateway);
    expect(performance.now() - releasedAt).toBeLessThan(2_000);
  },
  20_000,
);

test.skipIf(noLimits)(
  "more connections than files: the process lives, and serves once they are gone",
  async () => {
    const { upstream, yaml } = await startHanging();
    using _ = upstream;
    await using gateway = await withFileLimit(1_024, () => startGateway(yaml));
    const streaming = await hold(gateway, 1);
    await until(() => (answered(streaming) === 1 ? true : null));

    const idle: LiveClient[] = [];
    for (let n = 0; n < 13; n++) {
      const opening = Array.from({ length: 100 }, () => connectLive(gateway.port));
      idle.push(...(await Promise.all(opening)));
    }
    await Bun.sleep(300);

    expect(streaming[0]?.received().toString()).toContain("data: x");
    for (const client of idle) client.leave("reset");
    const releasedAt = performance.now();
    await untilServed(gateway);
    expect(performance.now() - releasedAt).toBeLessThan(2_000);
    expect(gateway.lines().filter(({ event }) => event === "uncaught")).toEqual([]);
  },
  20_000,
);

async function untilServed({ port }: Gateway): Promise<void> {
  for (;;) {
    const reply = await rawRequest(port, get("/u/next"), { timeoutMs: 3_000 });
    if (reply.status === 200) return;
    await Bun.sleep(20);
  }
}

/** Runs `start` with a gateway that may open so many files: a script in its place sets the limit first. */
async function withFileLimit(limit: number, start: () => Promise<Gateway>): Promise<Gateway> {
  const dir = mkdtempSync(join(tmpdir(), "tollgate-limit-"));
  const script = join(dir, "tollgate");
  const bin = process.env["TOLLGATE_BIN"];
  const main = join(import.meta.dir, "../../src/main.ts");
  const command = bin ? `"${bin}"` : `"${process.execPath}" "${main}"`;
  writeFileSync(script, `#!/bin/sh\nexec prlimit --nofile=${limit} ${command} "$@"\n`);
  chmodSync(script, 0o755);
  process.env["TOLLGATE_BIN"] = script;
  try {
    return await start();
  } finally {
    if (bin === undefined) delete process.env["TOLLGATE_BIN"];
    else process.env["TOLLGATE_BIN"] = bin;
    rmSync(dir, { recursive: true, force: true });
  }
}
