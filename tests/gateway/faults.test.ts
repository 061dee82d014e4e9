import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { reply, type Script, type Step, startRawUpstream } from "../helpers/raw-upstream.ts";
import { until } from "./live-client.ts";
import { config, errorType, get, lastOf, post } from "./wire.ts";

const upstream = await startRawUpstream();
const gateway = await startGateway(
  config([
    `path: /f, target: "${upstream.url}/f", auth: false, timeout: 1`,
    `path: /refused, target: "http://127.0.0.1:1/secret-path?key=secret-key", auth: false`,
    `path: /unnamed, target: "http://secret-name.invalid/", auth: false`,
    `path: /no-ipv6, target: "http://[2001:db8::1]:1/", auth: false, connect_timeout: 1`,
  ]),
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

beforeEach(() => {
  upstream.requests.length = 0;
});

/** A request and what comes of it when the upstream does this. */
async function down(script: Script, bytes = get("/f")) {
  upstream.scripts.set("/f", script);
  const startedAt = performance.now();
  const answered = await rawRequest(gateway.port, bytes, { timeoutMs: 1_000 });
  return { answered, startedAt };
}

const big = "x".repeat(70_000);
const wait: Step = { wait: 30 };
const close: Step = { end: "close" };
const reset: Step = { end: "reset" };

describe("an upstream that cannot be reached", () => {
  test("refuses: 502 at once, one line in the log, not a word of where it is", async () => {
    const startedAt = performance.now();

    const answered = await rawRequest(gateway.port, post("/refused", "{}"));

    expect(answered.status).toBe(502);
    expect(errorType(answered)).toBe("upstream_unreachable");
    expect(performance.now() - startedAt).toBeLessThan(100);
    expect(answered.text).not.toMatch(/127\.0\.0\.1|secret|:1\b/);
    const id = answered.values("x-litellm-call-id")[0];
    await gateway.waitForLine((line) => line["id"] === id);
    expect(gateway.lines().filter((line) => line["id"] === id).length).toBe(1);
    expect(gateway.stderr()).not.toContain("secret");
  });

  test("has no name: 502", async () => {
    const answered = await rawRequest(gateway.port, get("/unnamed"));

    expect(answered.status).toBe(502);
    expect(errorType(answered)).toBe("upstream_dns");
    expect(answered.text).not.toContain("secret-name");
  });

  test("is on a network that is not there: 502 or 504, in time", async () => {
    const startedAt = performance.now();

    const answered = await rawRequest(gateway.port, get("/no-ipv6"));

    expect(answered.status).toBeOneOf([502, 504]);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });
});

describe("a reply that breaks off", () => {
  test.each<readonly [string, readonly Step[]]>([
    [
      "before its known end",
      [{ write: `HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n${big}` }, wait, close],
    ],
    [
      "by a reset",
      [{ write: `HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n${big}` }, wait, reset],
    ],
    [
      "without its last chunk",
      [{ write: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n" }, wait, close],
    ],
    [
      "within a chunk",
      [{ write: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc" }, wait, close],
    ],
    [
      "with a bad chunk",
      [
        { write: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n" },
        wait,
        { write: "zz\r\n" },
      ],
    ],
    [
      "as an event stream of known length",
      [
        {
          write:
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 99\r\n\r\ndata: 1\n\n",
        },
        wait,
        close,
      ],
    ],
  ])("%s reaches the client as broken, never as complete", async (_, script) => {
    const { answered, startedAt } = await down(script);

    expect(answered.status).toBe(200);
    expect(answered.complete).toBe(false);
    expect(answered.ended).toBeOneOf(["fin", "reset"]);
    expect(performance.now() - startedAt).toBeLessThan(30 + 100);
    const id = answered.values("x-litellm-call-id")[0];
    const line = await gateway.waitForLine((each) => each["id"] === id);
    expect(line).toMatchObject({ level: "warn", status: 200, error: "stream_broken" });
  });

  test("by a reset, where its end is the connection's: looks complete (deviation)", async () => {
    const { answered } = await down([{ write: "HTTP/1.1 200 OK\r\n\r\nabc" }, wait, reset]);

    expect(answered.complete).toBe(true); // fetch tells a reset from an end only where the length is framed
    expect(answered.body.toString()).toBe("abc");
  });

  test.each<readonly [string, readonly Step[]]>([
    ["by its end", [{ write: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc" }, wait, close]],
    ["by a reset", [{ write: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc" }, wait, reset]],
  ])("a small one, which is read whole, is a 502: broken off %s", async (_, script) => {
    const { answered } = await down(script);

    expect(answered.status).toBe(502);
    expect(errorType(answered)).toBe("stream_broken");
  });
});

describe("a reply that is none", () => {
  const longHead = (bytes: number) =>
    `HTTP/1.1 200 OK\r\nX-Long: ${"x".repeat(bytes)}\r\nContent-Length: 2\r\n\r\nok`;

  test.each<readonly [string, readonly Step[]]>([
    ["garbage", [{ write: "garbage, and more garbage\r\n\r\n" }, close]],
    ["binary", [{ write: Buffer.from([0x16, 3, 1, 0, 0xff, 0, 0]) }, close]],
    ["another version", [{ write: "HTTP/7.3 200 OK\r\n\r\n" }, close]],
    ["no status", [{ write: "HTTP/1.1 OK\r\n\r\n" }, close]],
    ["half a head", [{ write: "HTTP/1.1 200 OK\r\nX-A: 1\r\n" }, close]],
    [
      "two lengths",
      [{ write: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok" }, close],
    ],
    ["another protocol", [{ write: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" }]],
    ["nothing, then the end", [close]],
    ["nothing, then a reset", [reset]],
    ["300 KB of headers", [{ write: longHead(300_000) }]],
  ])("%s is a 502, and a POST goes up once", async (_, script) => {
    const { answered } = await down(script, post("/f", "{}"));

    expect(answered.status).toBe(502);
    expect(answered.body.toString()).toMatch(/"type":"(upstream_protocol|stream_broken)"/);
    expect(upstream.requests.length).toBe(1);
  });

  test.each([20_000, 100_000])("%d bytes of headers are fine", async (bytes) => {
    const { answered } = await down([{ write: longHead(bytes) }]);

    expect(answered.status).toBe(200);
    expect(answered.values("x-long")[0]?.length).toBe(bytes);
  });
});

describe("a pooled connection", () => {
  const onSecondUse =
    (step: Step): Script =>
    (request) =>
      upstream.requests.filter((each) => each.connection === request.connection).length > 1
        ? [step]
        : [reply(200, [], "fine")];

  /** Warms a connection up, so that the next call finds it in the pool. */
  async function warm() {
    const answered = await rawRequest(gateway.port, get("/f"));
    expect(answered.body.toString()).toBe("fine");
    return (await lastOf(upstream)).connection;
  }

  test.each([close, reset])(
    "that ends on its second use: a POST is a 502, sent once",
    async (step) => {
      upstream.scripts.set("/f", onSecondUse(step));
      const pooled = await warm();

      const answered = await rawRequest(gateway.port, post("/f", "paid once"));

      const paid = upstream.requests.filter((each) => each.method === "POST");
      expect(paid.map(({ connection }) => connection)).toEqual([pooled]);
      expect(answered.status).toBe(502);
    },
  );

  test("that ends on its second use: a GET may go up again, once", async () => {
    upstream.scripts.set("/f", onSecondUse(close));
    await warm();

    const answered = await rawRequest(gateway.port, get("/f"));

    expect(answered.status).toBe(200);
    expect(upstream.requests.length).toBe(3);
  });

  test.each([get("/f"), post("/f", "{}")])(
    "that goes silent on its second use: the timeout applies, and nothing goes up again",
    async (bytes) => {
      upstream.scripts.set("/f", onSecondUse({ end: "hang" }));
      await warm();
      const startedAt = performance.now();

      const answered = await rawRequest(gateway.port, bytes);

      expect(answered.status).toBe(504);
      expect(Math.abs(performance.now() - startedAt - 1_000)).toBeLessThan(200);
      expect(upstream.requests.length).toBe(2);
      await until((await lastOfAll()).closedAt, 500);
    },
  );

  async function lastOfAll() {
    const last = upstream.requests.at(-1);
    if (last === undefined) throw new Error("nothing went up");
    return last;
  }

  test("that is closed after each reply loses and doubles no POST", async () => {
    upstream.scripts.set("/f", [reply(200, [], "fine"), close]);
    const statuses: number[] = [];

    for (let n = 0; n < 200; n++) {
      statuses.push((await rawRequest(gateway.port, post("/f", `call ${n}`))).status);
    }

    const bodies = upstream.requests.map((each) => each.body().toString());
    expect(new Set(bodies).size).toBe(bodies.length);
    expect(statuses.filter((status) => status !== 200 && status !== 502)).toEqual([]);
    expect(statuses.filter((status) => status === 502).length).toBeLessThanOrEqual(2);
  });
});

test("after all that nothing was uncaught, and the gateway serves", async () => {
  const { answered } = await down([reply(200, [], "fine")]);

  expect(answered.body.toString()).toBe("fine");
  expect(
    gateway.lines().filter(({ level, event }) => level === "error" || event === "uncaught"),
  ).toEqual([]);
});
