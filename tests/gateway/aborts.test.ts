import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { reply, type Step, startRawUpstream } from "../helpers/raw-upstream.ts";
import { connectLive, until } from "./live-client.ts";
import { chunked, config, get, masterKey, post, request } from "./wire.ts";

const trials = process.env["TOLLGATE_LONG"] === "1" ? 1_000 : 50;

const upstream = await startRawUpstream({
  early: true,
  keep: 64 * 1024,
  fallback: (asked) => answers[new URL(asked.target, "http://h").pathname] ?? [],
});
const gateway = await startGateway(
  config(
    ["/a", "/logged"].map(
      (path) => `path: ${path}, target: "${upstream.url}", auth: false, include_subpath: true`,
    ),
    `master_key: ${masterKey}`,
  ),
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

const streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

/** What the upstream does on a path: it never comes to an end by itself. */
const answers: Readonly<Record<string, readonly Step[]>> = {
  "/silent": [{ end: "hang" }],
  "/stream": [{ write: `${streamHead}data: first\n\n` }, { end: "hang" }],
  "/flood": [
    { write: streamHead },
    ...Array.from({ length: 400 }, () => ({ write: "x".repeat(65_536) })),
  ],
  "/early": [reply(200, [], "early reply")],
  "/soon": [{ wait: 300 }, reply(200, [], "soon"), { end: "close" }],
  "/whole": [{ write: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf" }, { end: "hang" }],
};

const ways = ["fin", "reset"] as const;

/** Sends, waits until `ready`, leaves, and tells how long the upstream's connection then lived on. */
async function leave(bytes: Buffer, path: string, how: "fin" | "reset", sign: string | null) {
  using client = await connectLive(gateway.port);
  await client.write(bytes);
  const up = await upstream.waitFor((each) => each.target === path);
  if (sign !== null) await client.waitFor(sign);
  const leftAt = performance.now();
  client.leave(how);
  const closedAt = await until(up.closedAt, 2_000);
  return { afterMs: closedAt - leftAt, up };
}

/** Ten at a time, so that a thousand do not take a thousand times as long. */
async function leaveOften(path: string, sign: string | null): Promise<number[]> {
  const times: number[] = [];
  for (let done = 0; done < trials; done += 10) {
    const round = Array.from({ length: 10 }, (_, n) => {
      const target = `${path}?${crypto.randomUUID()}`;
      return leave(get(`/a${target}`), target, ways[n % 2] ?? "fin", sign);
    });
    for (const { afterMs } of await Promise.all(round)) times.push(afterMs);
  }
  return times;
}

/** Asks the gateway itself how many calls it has under way. */
async function untilUnderWay(count: number): Promise<void> {
  const ask = get("/health/backlog", `Authorization: Bearer ${masterKey}`);
  for (let tries = 0; tries < 200; tries++) {
    const reply = await rawRequest(gateway.port, ask);
    if (reply.body.includes(`"in_flight_requests":${count},`)) return;
    await Bun.sleep(10);
  }
  throw new Error(`never were ${count} calls under way`);
}

const late = (times: readonly number[]) => times.filter((ms) => ms > 100);

describe("when the client leaves, the upstream's connection is closed within 100 ms", () => {
  test(`before the reply's headers, ${trials} times of ${trials}`, async () => {
    expect(late(await leaveOften("/silent", null))).toEqual([]);
  }, 120_000);

  test(`in the middle of a stream, ${trials} times of ${trials}`, async () => {
    expect(late(await leaveOften("/stream", "data: first"))).toEqual([]);
  }, 120_000);

  test.each(ways)("in the middle of a small reply, which is read whole: %s", async (how) => {
    const target = `/whole?${how}`;

    const { afterMs } = await leave(get(`/a${target}`), target, how, null);

    expect(afterMs).toBeLessThan(100);
  });

  test.each(ways)("while it took nothing of a flood: %s", async (how) => {
    const target = `/flood?${how}`;
    using client = await connectLive(gateway.port);
    client.pause();
    await client.write(get(`/a${target}`));
    const up = await upstream.waitFor((each) => each.target === target);
    await Bun.sleep(200); // until all buffers on the way are full

    const leftAt = performance.now();
    client.leave(how);

    expect((await until(up.closedAt, 2_000)) - leftAt).toBeLessThan(100);
  });

  test.each(ways)("after a whole upload, before the reply's headers: %s", async (how) => {
    const target = `/silent?posted-${how}`;

    const { afterMs, up } = await leave(post(`/a${target}`, "{}"), target, how, null);

    expect(afterMs).toBeLessThan(100);
    expect(up.ended()).toBe("complete");
  });
});

describe("a client that leaves while it uploads", () => {
  const half = Buffer.alloc(200_000, "x");
  const heads = {
    "of known length": (target: string) =>
      request(`POST ${target}`, ["Content-Length: 400000"], half),
    "in chunks": (target: string) => chunked(`POST ${target}`, [half]).subarray(0, -5),
  } as const;

  test.each(Object.entries(heads))("%s: the upstream sees it broken off", async (name, bytes) => {
    for (const how of ways) {
      const target = `/silent?${encodeURIComponent(name)}-${how}`;
      using client = await connectLive(gateway.port);
      await client.write(bytes(`/a${target}`));
      const up = await upstream.waitFor((each) => each.target === target);
      await until(() => (up.bodySize() === half.length ? true : null));

      const leftAt = performance.now();
      client.leave(how);
      const closedAt = await until(up.closedAt, 2_000);

      expect(closedAt - leftAt).toBeLessThan(100);
      expect(up.ended()).toBe("aborted");
    }
  });

  test("a small one, which is read whole first, never reaches the upstream", async () => {
    const before = upstream.requests.length;
    using client = await connectLive(gateway.port);
    await client.write(request("POST /a/silent?small", ["Content-Length: 100"], "x".repeat(50)));
    await untilUnderWay(1);

    client.leave("reset");
    await untilUnderWay(0);

    expect(upstream.requests.slice(before).map((each) => each.target)).toEqual([]);
  });
});

test("a client that leaves after its early reply harms no other call", async () => {
  using client = await connectLive(gateway.port);
  await client.write(request("POST /a/early", ["Content-Length: 900000"], "x".repeat(100_000)));
  await client.waitFor("early reply");
  const others = [1, 2, 3].map((n) => rawRequest(gateway.port, get(`/a/soon?${n}`)));
  for (const n of [1, 2, 3]) await upstream.waitFor((each) => each.target === `/soon?${n}`);

  client.leave("reset");

  expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200, 200]);
});

describe("afterwards", () => {
  test("the log says who ended the call", async () => {
    await leave(get("/logged/silent?l"), "/silent?l", "fin", null);
    await leave(get("/logged/stream?l"), "/stream?l", "fin", "data: first");

    const ended = (status: number) =>
      gateway.waitForLine((line) => line["route"] === "/logged" && line["status"] === status);
    expect(await ended(499)).toMatchObject({ error: "client_closed", bytes_out: 0 });
    expect(await ended(200)).toMatchObject({ error: "client_closed", bytes_out: 13 });
  });

  test("no call is left under way, and no connection", async () => {
    await untilUnderWay(0);

    await until(() => (upstream.connections().open === 0 ? true : null));
  });
});
