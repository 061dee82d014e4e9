import { expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startGateway } from "../helpers/gateway.ts";
import { startRawUpstream, type Step } from "../helpers/raw-upstream.ts";
import { startLoad } from "./load.ts";
import { until } from "./program.ts";

const long = process.env["TOLLGATE_LONG"] === "1";

const config = (target: string) => `general_settings:
  pass_through_endpoints:
    - { path: /a, target: "${target}" }
    - { path: /sse, target: "${target}/sse" }
`;

const slowStream: Step[] = [
  { write: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" },
  ...Array.from({ length: 30 }, (): Step[] => [{ write: "data: x\n\n" }, { wait: 50 }]).flat(),
  { write: "data: [DONE]\n\n" },
  { end: "close" },
];

const lockOf = (dir: string) => join(dir, "data/tollgate.lock");

test("a second gateway on a data directory is refused, and told whose it is", async () => {
  await using first = await startGateway("{}");

  await using second = await startGateway("{}", { dir: first.dir, waitFor: "exit" });

  expect(second.stderr()).toContain(`belongs to the gateway with pid ${first.pid}`);
  expect(second.stderr()).toContain("--takeover");
  expect(await second.exited).toBe(2);
  expect(existsSync(lockOf(first.dir))).toBe(true);
});

test("the lock of a process that is gone is ignored, and one that stops leaves none", async () => {
  await using first = await startGateway("{}");
  first.signal("SIGKILL");
  await first.exited;
  const stale = readFileSync(lockOf(first.dir), "utf8");

  await using second = await startGateway("{}", { dir: first.dir });
  const lock = readFileSync(lockOf(first.dir), "utf8");
  second.signal("SIGTERM");
  await second.exited;

  expect(JSON.parse(stale)).toMatchObject({ pid: first.pid });
  expect(JSON.parse(lock)).toMatchObject({ pid: second.pid, port: second.port });
  expect(existsSync(lockOf(first.dir))).toBe(false);
});

test("a lock of another process with the same pid, and one that cannot be read, are ignored", async () => {
  await using first = await startGateway("{}");
  first.signal("SIGTERM");
  await first.exited;
  writeFileSync(lockOf(first.dir), JSON.stringify({ pid: process.pid, started: "1", port: 4000 }));
  await using second = await startGateway("{}", { dir: first.dir });
  second.signal("SIGTERM");
  await second.exited;
  writeFileSync(lockOf(first.dir), "{");

  await using third = await startGateway("{}", { dir: first.dir });

  expect([second.port > 0, third.port > 0]).toEqual([true, true]);
});

test("a start that fails leaves no lock", async () => {
  await using taken = await startGateway("{}");
  await using gateway = await startGateway("{}", {
    args: ["--port", String(taken.port)],
    waitFor: "exit",
  });

  expect(await gateway.exited).toBe(1);
  expect(existsSync(lockOf(gateway.dir))).toBe(false);
});

test("a data directory that cannot be made is an error that says so", async () => {
  await using gateway = await startGateway("{}", {
    args: ["--data-dir", "/proc/nowhere"],
    waitFor: "exit",
  });

  expect(gateway.stderr()).toMatch(/The data directory \/proc\/nowhere cannot be used \(\w+\)/);
  expect(await gateway.exited).toBe(2);
});

test("--takeover on another port is an error that names the port", async () => {
  await using first = await startGateway("{}");

  await using second = await startGateway("{}", {
    dir: first.dir,
    args: ["--takeover", "--port", "0"],
    waitFor: "exit",
  });

  expect(second.stderr()).toContain(`take over with --port ${first.port}`);
  expect(await second.exited).toBe(2);
  expect((await fetch(`${first.url}/health/liveness`)).status).toBe(200);
});

test("--takeover with nobody there is a plain start", async () => {
  await using gateway = await startGateway("{}", { args: ["--takeover"] });

  expect((await fetch(`${gateway.url}/health/liveness`)).status).toBe(200);
});

test("--takeover under load: no call refused, no stream cut, and the old one exits with 0", async () => {
  using upstream = await startRawUpstream({ scripts: { "/sse": slowStream } });
  await using first = await startGateway(config(upstream.url));
  const streams = Array.from({ length: 20 }, async () => (await fetch(`${first.url}/sse`)).text());
  const loads = [true, false].map((keepAlive) =>
    startLoad(first.port, { clients: 8, path: "/a", keepAlive }),
  );
  await Bun.sleep(300);

  let current = first;
  await using stack = new AsyncDisposableStack();
  for (let round = 0; round < (long ? 10 : 2); round++) {
    const args = ["--takeover", "--port", String(first.port)];
    const next = stack.use(await startGateway(config(upstream.url), { dir: first.dir, args }));
    expect(await current.exited).toBe(0);
    current = next;
  }
  await Bun.sleep(300);
  const results = await Promise.all(loads.map((load) => load.stop()));
  const texts = await Promise.all(streams);

  expect(results.flatMap(({ failures }) => failures)).toEqual([]);
  expect(results.map(({ answered }) => answered > 100)).toEqual([true, true]);
  expect(texts.filter((text) => !text.endsWith("[DONE]\n\n"))).toEqual([]);
  expect(JSON.parse(readFileSync(lockOf(first.dir), "utf8"))).toMatchObject({ pid: current.pid });
  await until(async () => (await fetch(`${current.url}/health/liveness`)).ok);
}, 60_000);
