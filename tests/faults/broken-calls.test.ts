import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { connectLive, until } from "../gateway/live-client.ts";
import { request } from "../gateway/wire.ts";
import { startGateway } from "../helpers/gateway.ts";
import { type Step, startRawUpstream } from "../helpers/raw-upstream.ts";
import { governed, isLong, json, moneyOf, newKey, paidUsd } from "./governed.ts";

setDefaultTimeout(30_000);

const trials = isLong ? 1_000 : 60;
const broken = isLong ? 100 : 10;

const stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
const sized = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\nabcdef";
const small = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nabcdef";
const chunk = "8\r\ndata: x\n\r\n";

/** When the upstream broke off each call, by its name. */
const brokenAt = new Map<string, number>();

const now = (target: string): Step => ({
  call: () => brokenAt.set(nameIn(target), performance.now()),
});

const nameIn = (target: string) => /n=([^&]+)/.exec(target)?.[1] ?? "";

/** How a reply can end too early; each comes to some bytes first. */
const endings: Readonly<Record<string, readonly Step[]>> = {
  "/reset-chunks": [
    { write: `${stream}Transfer-Encoding: chunked\r\n\r\n${chunk}` },
    { wait: 40 },
    { end: "reset" },
  ],
  "/reset-length": [{ write: sized }, { wait: 40 }, { end: "reset" }],
  "/short": [{ write: sized }, { wait: 40 }, { end: "close" }],
  "/short-small": [{ write: small }, { wait: 40 }, { end: "close" }],
  "/no-last-chunk": [
    { write: `${stream}Transfer-Encoding: chunked\r\n\r\n${chunk}` },
    { wait: 40 },
    { end: "close" },
  ],
};

const upstream = await startRawUpstream({
  early: true,
  keep: 1_024,
  fallback: ({ target }) => {
    const steps = endings[target.replace(/\?.*/, "")];
    if (steps !== undefined) return [...steps.slice(0, -1), now(target), ...steps.slice(-1)];
    const wait = Number(/wait=(\d+)/.exec(target)?.[1] ?? 0);
    const event: Step[] = [{ write: "data: x\n\n" }, { wait: 5 }];
    const events = Array.from({ length: 400 }, () => event).flat();
    return [{ wait }, { write: `${stream}\r\n` }, ...events, { end: "close" }];
  },
});
const gateway = await startGateway(governed(upstream.url));
const key = await newKey(gateway, { max_budget: 100_000 });

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

const post = (path: string, name: string) =>
  request(`POST /paid${path}${path.includes("?") ? "&" : "?"}n=${name}`, [
    `Authorization: Bearer ${key}`,
    `x-litellm-tags: ${name}`,
    "Content-Length: 0",
  ]);

/** The rows of calls, once there are as many. */
async function rowsWithin(tag: string, ms: number): Promise<readonly Record<string, unknown>[]> {
  const end = performance.now() + ms;
  for (;;) {
    const answer = await json(gateway, `/spend/logs/v2?tag=${tag}`);
    const data: unknown = Reflect.get(answer, "data");
    if (Array.isArray(data) && data.length > 0) return data;
    if (performance.now() > end) return [];
    await Bun.sleep(10);
  }
}

describe("a reply that breaks off ends abnormally within 100 ms, and has its row within a second", () => {
  test.each(Object.keys(endings))("%s", async (path) => {
    const results = await Promise.all(
      Array.from({ length: broken }, async (_, n) => {
        const name = `${path.slice(1)}-${n}`;
        using client = await connectLive(gateway.port);
        await client.write(post(path, name));
        // What had not begun is an error, whole, on a connection that stays; anything else ends with its connection.
        await Promise.race([client.ended(), client.waitFor("stream_broken")]);
        const lateMs = performance.now() - (brokenAt.get(name) ?? 0);
        const [row, ...more] = await rowsWithin(name, 1_000);
        return { lateMs, text: client.received().toString(), row, more: more.length };
      }),
    );

    for (const { lateMs, text, row, more } of results) {
      const isError = text.startsWith("HTTP/1.1 502 ");
      expect([isError, text.endsWith("\r\n0\r\n\r\n")]).toEqual([path === "/short-small", false]);
      expect(lateMs).toBeLessThan(100);
      expect([row?.["status"], more]).toEqual(["failure", 0]);
      expect(JSON.stringify(row)).toContain("stream_broken");
    }
    expect((await moneyOf(gateway, key)).held).toBe(0);
  });
});

describe("a client that leaves", () => {
  test(`at any time, ${trials} times: the upstream is closed within 100 ms, one row within a second`, async () => {
    const before = await moneyOf(gateway, key);
    const closing: number[] = [];
    const names: string[] = [];
    for (let done = 0; done < trials; done += 20) {
      const round = Array.from({ length: 20 }, async (_, n) => {
        const name = `left-${done + n}`;
        names.push(name);
        using client = await connectLive(gateway.port);
        await client.write(post(`/events?wait=${(n % 3) * 40}`, name));
        const up = await upstream.waitFor(({ target }) => nameIn(target) === name);
        await Bun.sleep(Math.random() * 150);
        const leftAt = performance.now();
        client.leave(n % 2 === 0 ? "fin" : "reset");
        closing.push((await until(up.closedAt, 2_000)) - leftAt);
      });
      await Promise.all(round);
    }
    await Bun.sleep(200);

    expect(closing.filter((ms) => ms > 100)).toEqual([]);
    const rows = await Promise.all(names.map((name) => rowsWithin(name, 800)));
    expect(rows.filter((own) => own.length !== 1)).toEqual([]);
    const codes = new Set(rows.map(([row]) => JSON.stringify(row).includes("client_closed")));
    expect([...codes]).toEqual([true]);
    const after = await moneyOf(gateway, key);
    expect(after.held).toBe(0);
    expect(after.spend - before.spend).toBeGreaterThan(0);
    expect(after.spend - before.spend).toBeLessThanOrEqual(trials * paidUsd + 1e-6);
  }, 120_000);
});
