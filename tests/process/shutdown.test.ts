import { expect, test } from "bun:test";
import { connect } from "node:net";
import { createLog } from "../../src/logging/log.ts";
import { createShutdown } from "../../src/shutdown.ts";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { startRawUpstream, type Step } from "../helpers/raw-upstream.ts";
import { until } from "./program.ts";

const long = process.env["TOLLGATE_LONG"] === "1";

const config = (target: string) => `general_settings:
  pass_through_endpoints:
    - { path: /sse, target: "${target}/sse" }
    - { path: /slow, target: "${target}/slow" }
`;

/** An event stream of `events` every 50 ms. */
const events = (count: number): Step[] => [
  { write: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" },
  ...Array.from({ length: count }, (): Step[] => [{ write: "data: x\n\n" }, { wait: 50 }]).flat(),
  { write: "data: [DONE]\n\n" },
  { end: "close" },
];

const refused = ({ port }: Gateway) =>
  new Promise<boolean>((done) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => {
      socket.destroy();
      done(false);
    });
    socket.on("error", () => done(true));
  });

test("SIGTERM refuses new calls within 100 ms, lets the running ones end, and exits with 0", async () => {
  using upstream = await startRawUpstream({ scripts: { "/sse": events(20) } });
  await using gateway = await startGateway(config(upstream.url));
  const replies = await Promise.all(Array.from({ length: 20 }, () => fetch(`${gateway.url}/sse`)));

  gateway.signal("SIGTERM");
  await until(() => refused(gateway), 100);
  const texts = await Promise.all(replies.map((reply) => reply.text()));

  expect(texts.filter((text) => !text.endsWith("[DONE]\n\n"))).toEqual([]);
  expect(await gateway.exited).toBe(0);
  const stopped = gateway.lines().find(({ event }) => event === "stopped");
  expect(stopped).toMatchObject({ cut: 0 });
  expect(gateway.lines().filter(({ event }) => event === "call")).toHaveLength(20);
});

test("an idle gateway stops at once, also with half a request and an idle connection open", async () => {
  using upstream = await startRawUpstream();
  await using gateway = await startGateway(config(upstream.url));
  const halfSent = connect({ port: gateway.port, host: "127.0.0.1" });
  halfSent.on("error", () => {}).write("GET /sse HTTP/1.1\r\nHost: l");
  const idle = connect({ port: gateway.port, host: "127.0.0.1" });
  idle.on("error", () => {}).write("GET /health/liveness HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await new Promise((done) => idle.once("data", done));
  const before = performance.now();

  gateway.signal("SIGTERM");

  expect(await gateway.exited).toBe(0);
  expect(performance.now() - before).toBeLessThan(2_000);
  halfSent.destroy();
  idle.destroy();
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "a second %s ends what still runs: the client sees it broken, the log has its line",
  async (signal) => {
    using upstream = await startRawUpstream({
      scripts: { "/sse": events(2_000), "/slow": [{ end: "hang" }] },
    });
    await using gateway = await startGateway(config(upstream.url));
    const stream = await fetch(`${gateway.url}/sse`);
    const slow = fetch(`${gateway.url}/slow`).then((reply) => reply.json());
    await upstream.waitFor(({ target }) => target === "/slow");

    gateway.signal(signal);
    await gateway.waitForLine(({ event }) => event === "stopping");
    gateway.signal(signal);

    expect(await stream.text().catch(() => "broken")).toBe("broken");
    expect(await slow).toMatchObject({ error: { type: "gateway_stopped", code: "503" } });
    expect(await gateway.exited).toBe(0);
    const calls = gateway.lines().filter(({ event }) => event === "call");
    expect(calls.map(({ error }) => error)).toEqual(["gateway_stopped", "gateway_stopped"]);
    expect(gateway.lines().at(-1)).toMatchObject({ event: "stopped", cut: 2 });
  },
);

test("calls that outlast the drain are cut", async () => {
  let inFlight = 1;
  const stops: string[] = [];
  const shutdown = createShutdown({
    listeners: {
      close: () => stops.push("close"),
      stop: () => stops.push("stop"),
      pending: () => inFlight,
    },
    log: createLog(2, { level: "error", pretty: false }),
    inFlight: () => inFlight,
    drainMs: 200,
    succeeded: () => false,
    stopping: () => stops.push("told"),
  });
  const before = performance.now();

  shutdown.begin("SIGTERM");
  const code = await shutdown.done;

  expect(code).toBe(0);
  expect(performance.now() - before).toBeGreaterThanOrEqual(200);
  expect(stops).toEqual(["told", "stop"]);
  inFlight = 0;
});

test.skipIf(!long)(
  "the drain takes 30 s and no more",
  async () => {
    using upstream = await startRawUpstream({
      scripts: { "/sse": events(2_000), "/slow": events(400) },
    });
    await using gateway = await startGateway(config(upstream.url));
    const cut = (await fetch(`${gateway.url}/sse`)).text().catch(() => "broken");
    const kept = (await fetch(`${gateway.url}/slow`)).text();
    const before = performance.now();

    gateway.signal("SIGTERM");

    expect(await kept).toEndWith("[DONE]\n\n");
    expect(await cut).toBe("broken");
    expect(await gateway.exited).toBe(0);
    const seconds = (performance.now() - before) / 1000;
    expect(seconds).toBeGreaterThan(29.5);
    expect(seconds).toBeLessThan(32);
  },
  60_000,
);
