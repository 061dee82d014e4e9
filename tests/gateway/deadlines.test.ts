import { afterAll, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { reply, type Step, startRawUpstream } from "../helpers/raw-upstream.ts";
import { startBlackHole } from "./black-hole.ts";
import { until } from "./live-client.ts";
import { config, errorType, get, post, request } from "./wire.ts";

const early = await startRawUpstream({
  early: true,
  keep: 1024,
  fallback: (asked) =>
    answers[asked.target.replace(/\?.*/, "")] ?? [{ read: "body" }, reply(200, [])],
});
const blackHole = await startBlackHole();
const route = (path: string, ...deadlines: string[]) =>
  [
    `path: ${path}, target: "${early.url}", auth: false, include_subpath: true`,
    ...deadlines,
  ].join();
const gateway = await startGateway(
  config([
    `path: /hole, target: "http://127.0.0.1:${blackHole.port}/", auth: false, connect_timeout: 1`,
    `path: /unnamed, target: "http://nowhere.invalid/", auth: false, connect_timeout: 2`,
    route("/plain"),
    route("/first", "timeout: 1", "connect_timeout: 0.8"),
    route("/idle", "stream_idle_timeout: 1", "timeout: 1"),
    route("/total", "max_duration: 1.5"),
  ]),
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await blackHole[Symbol.asyncDispose]();
  early[Symbol.dispose]();
});

const eventHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
const event = { write: "data: x\n\n" };

/** So many times the step, with a pause before each. */
const paced = (times: number, waitMs: number, step: Step): readonly Step[] =>
  Array.from({ length: times }, () => [{ wait: waitMs }, step]).flat();

const answers: Readonly<Record<string, readonly Step[]>> = {
  "/hang": [{ end: "hang" }],
  "/interim": paced(30, 100, { write: "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" }),
  "/late": [{ read: "body" }, { wait: 400 }, reply(200, [], "late")],
  "/read-then-hang": [{ read: "body" }, { end: "hang" }],
  "/falls-silent": [{ write: eventHead }, event, event, { end: "hang" }],
  "/flows": [{ write: eventHead }, ...paced(6, 400, event), { end: "close" }],
  "/flows-on": [{ write: eventHead }, ...paced(60, 100, event), { end: "close" }],
  "/drips": [
    { write: "HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n" },
    ...paced(6, 400, { write: "x".repeat(10) }),
  ],
  "/drips-and-stops": [
    { write: "HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\nxxxxxxxxxx" },
    { end: "hang" },
  ],
  "/answers-first": [
    { write: `${eventHead}data: first\n\n` },
    { read: "body" },
    { wait: 1_700 },
    { write: "data: last\n\n" },
    { end: "close" },
  ],
};

interface Timed {
  readonly ms: number;
  readonly status: number;
  readonly type: string;
}

async function timed(bytes: Buffer): Promise<Timed> {
  const startedAt = performance.now();
  const answered = await rawRequest(gateway.port, bytes, { timeoutMs: 6_000 });
  const ms = performance.now() - startedAt;
  const ours = answered.status >= 400;
  return { ms, status: answered.status, type: ours ? errorType(answered) : "" };
}

const upOf = (target: string) => early.waitFor((each) => each.target === target);

/** The log's line of a route's call that ended with this error. */
const logged = (path: string, error: string) =>
  gateway.waitForLine((line) => line["route"] === path && line["error"] === error);

test.concurrent("an upstream that takes no connection is a 504 at connect_timeout", async () => {
  const calls = Promise.all([timed(get("/hole")), timed(post("/hole", "{}")), timed(get("/hole"))]);
  const others: number[] = [];
  for (let n = 0; n < 12; n++) {
    others.push((await timed(get("/plain"))).ms);
    await Bun.sleep(80);
  }

  for (const { ms, status, type } of await calls) {
    expect([status, type]).toEqual([504, "upstream_connect_timeout"]);
    expect(Math.abs(ms - 1_000)).toBeLessThan(500);
  }
  expect(others.toSorted((a, b) => a - b)[6]).toBeLessThan(30); // the calls of other routes
});

test.concurrent("a name that does not exist is a 502", async () => {
  const { ms, status, type } = await timed(get("/unnamed"));

  expect([status, type]).toEqual([502, "upstream_dns"]);
  expect(ms).toBeLessThan(2_500);
});

test.concurrent.each(["GET", "POST"])("no reply to a %s is a 504 at timeout", async (method) => {
  const target = `/first/hang?${method}`;
  const bytes = method === "GET" ? get(target) : post(target, "{}");

  const { ms, status, type } = await timed(bytes);
  const up = await upOf(`/hang?${method}`);

  expect([status, type]).toEqual([504, "upstream_timeout"]);
  expect(Math.abs(ms - 1_000)).toBeLessThan(200);
  const overdueMs = (await until(up.closedAt, 500)) - up.receivedAt - 1_000;
  expect(overdueMs).toBeLessThan(300);
});

test.concurrent("interim replies are no reply", async () => {
  const { ms, status, type } = await timed(get("/first/interim"));

  expect([status, type]).toEqual([504, "upstream_timeout"]);
  expect(Math.abs(ms - 1_000)).toBeLessThan(200);
});

test.concurrent(
  "an upstream that is slow, yet takes connections, is not timed out by connect_timeout",
  async () => {
    const answered = await rawRequest(gateway.port, get("/first/late"));

    expect(answered.body.toString()).toBe("late");
  },
);

test.concurrent("a slow upload does not count as the upstream's time", async () => {
  const piece = "x".repeat(50_000);
  const startedAt = performance.now();

  const answered = await rawRequest(gateway.port, [
    request("POST /first/late?up", ["Content-Length: 200000"], piece),
    500,
    piece,
    500,
    piece,
    500,
    piece,
  ]);

  expect(answered.status).toBe(200);
  expect(performance.now() - startedAt).toBeGreaterThan(1_700);
});

test.concurrent("the upstream's time runs from the upload's last byte on", async () => {
  const piece = "x".repeat(100_000);

  const answered = await rawRequest(gateway.port, [
    request("POST /first/read-then-hang", ["Content-Length: 200000"], piece),
    700,
    piece,
  ]);

  expect(answered.status).toBe(504);
  expect(errorType(answered)).toBe("upstream_timeout");
  const up = await upOf("/read-then-hang");
  const at = (answered.arrivals[0]?.at ?? 0) - up.receivedAt;
  expect(Math.abs(at - 1_700)).toBeLessThan(250);
});

test.concurrent("a stream that falls silent is cut as broken", async () => {
  const startedAt = performance.now();

  const answered = await rawRequest(gateway.port, get("/idle/falls-silent"), { replies: Infinity });

  expect(answered.status).toBe(200);
  expect(answered.body.toString()).toBe("data: x\n\ndata: x\n\n");
  expect([answered.complete, answered.ended]).not.toContain("timeout");
  expect(answered.complete).toBe(false);
  expect(Math.abs(performance.now() - startedAt - 1_000)).toBeLessThan(300);
  const up = await upOf("/falls-silent");
  expect((await until(up.closedAt, 500)) - up.receivedAt).toBeLessThan(1_300);
  expect(await logged("/idle", "upstream_idle")).toMatchObject({ status: 200, bytes_out: 18 });
});

test.concurrent("a stream that flows is not cut, however long", async () => {
  const answered = await rawRequest(gateway.port, get("/idle/flows"));

  expect(answered.complete).toBe(true);
  expect(answered.body.toString()).toBe("data: x\n\n".repeat(6));
});

test.concurrent("a small reply of known length has that limit as a whole", async () => {
  const { ms, status, type } = await timed(get("/idle/drips"));

  expect([status, type]).toEqual([504, "upstream_idle"]);
  expect(Math.abs(ms - 1_000)).toBeLessThan(300);
});

test.concurrent("a small reply that falls silent is a 504", async () => {
  const { ms, status, type } = await timed(get("/idle/drips-and-stops"));

  expect([status, type]).toEqual([504, "upstream_idle"]);
  expect(Math.abs(ms - 1_000)).toBeLessThan(300);
});

test.concurrent(
  "a reply that began during the upload is then a stream like any other",
  async () => {
    const half = "x".repeat(100_000);

    const answered = await rawRequest(gateway.port, [
      request("POST /first/answers-first", ["Content-Length: 200000"], half),
      400,
      half,
    ]);

    expect(answered.status).toBe(200);
    expect(answered.complete).toBe(true);
    expect(answered.body.toString()).toBe("data: first\n\ndata: last\n\n");
  },
);

test.concurrent("max_duration ends a call whatever flows", async () => {
  const startedAt = performance.now();

  const answered = await rawRequest(gateway.port, get("/total/flows-on"), { replies: Infinity });

  expect(answered.status).toBe(200);
  expect(answered.complete).toBe(false);
  expect(Math.abs(performance.now() - startedAt - 1_500)).toBeLessThan(300);
  expect(await logged("/total", "max_duration")).toMatchObject({ status: 200 });
});

test.concurrent("max_duration before the reply is a 504 of its own", async () => {
  const { ms, status, type } = await timed(get("/total/hang"));

  expect([status, type]).toEqual([504, "max_duration"]);
  expect(Math.abs(ms - 1_500)).toBeLessThan(300);
});
