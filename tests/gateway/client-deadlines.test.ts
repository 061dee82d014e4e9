import { afterAll, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { reply, type Step, startRawUpstream } from "../helpers/raw-upstream.ts";
import { connectLive, until } from "./live-client.ts";
import { chunked, config, errorType, get, request } from "./wire.ts";

const flood: readonly Step[] = [
  { write: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" },
  ...Array.from({ length: 2_000 }, () => ({ write: "x".repeat(65_536) })),
];

const early = await startRawUpstream({
  early: true,
  keep: 1024,
  fallback: ({ target }) =>
    target.startsWith("/flood") ? flood : [{ read: "body" }, reply(200, [], "got it")],
});
const route = (path: string, ...deadlines: string[]) =>
  [
    `path: ${path}, target: "${early.url}", auth: false, include_subpath: true`,
    ...deadlines,
  ].join();
const gateway = await startGateway(
  config([
    route("/client", "client_idle_timeout: 1"),
    route("/quick", "client_idle_timeout: 1", "timeout: 1"),
  ]),
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  early[Symbol.dispose]();
});

/** A piece of an upload so many times, each after a pause. */
const paused = (waitMs: number, piece: string, times: number): readonly (number | string)[] =>
  Array.from({ length: times }, () => [waitMs, piece]).flat();

const upOf = (target: string) => early.waitFor((each) => each.target === target);

test.concurrent("a slow upload that is alive survives", async () => {
  const head = request("POST /quick/late?large", ["Content-Length: 500000"]);

  const answered = await rawRequest(gateway.port, [head, ...paused(450, "x".repeat(100_000), 5)]);

  expect(answered.status).toBe(200);
});

test.concurrent("one that is read whole has client_idle_timeout as a whole", async () => {
  const head = request("POST /quick/late?small", ["Content-Length: 500"]);

  const alive = await rawRequest(gateway.port, [head, ...paused(150, "x".repeat(100), 5)]);
  const late = await rawRequest(gateway.port, [head, ...paused(450, "x".repeat(100), 5)]);

  expect(alive.status).toBe(200);
  expect([late.status, errorType(late)]).toEqual([408, "upload_stalled"]);
});

test.concurrent.each([
  ["small", request("POST /client/stalled-s", ["Content-Length: 100"], "x")],
  ["large", request("POST /client/stalled-l", ["Content-Length: 200000"], "x".repeat(1_000))],
  ["in chunks", chunked("POST /client/stalled-c", ["x".repeat(1_000)]).subarray(0, -5)],
  ["before its first byte", request("POST /client/stalled-n", ["Content-Length: 200000"])],
])("an upload that stands still is a 408: %s", async (_, bytes) => {
  const startedAt = performance.now();

  const answered = await rawRequest(gateway.port, bytes, { timeoutMs: 4_000 });

  expect(answered.status).toBe(408);
  expect(errorType(answered)).toBe("upload_stalled");
  expect(Math.abs(performance.now() - startedAt - 1_000)).toBeLessThan(300);
  for (const up of early.requests.filter((each) => each.target.startsWith("/stalled"))) {
    expect(up.ended()).not.toBe("complete");
  }
});

test.concurrent("a reader that takes nothing is cut", async () => {
  using client = await connectLive(gateway.port);
  client.pause();
  await client.write(get("/client/flood?stopped"));
  const up = await upOf("/flood?stopped");

  const closedAt = await until(up.closedAt, 5_000);

  expect(closedAt - up.receivedAt).toBeGreaterThan(900);
  expect(closedAt - up.receivedAt).toBeLessThan(2_500);
  expect(await gateway.waitForLine((line) => line["error"] === "client_stalled")).toMatchObject({
    status: 200,
  });
});

test.concurrent("a slow reader that takes something is not", async () => {
  using client = await connectLive(gateway.port);
  await client.write(get("/client/flood?slow"));
  const up = await upOf("/flood?slow");

  for (let n = 0; n < 6; n++) {
    client.pause();
    await Bun.sleep(400);
    client.resume();
    await Bun.sleep(10);
  }

  expect(up.closedAt()).toBeNull();
});
