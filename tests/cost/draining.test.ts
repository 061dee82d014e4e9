import { afterAll, expect, test } from "bun:test";
import { connectLive } from "../gateway/live-client.ts";
import { type MadeKey, makeKey } from "../helpers/keys.ts";
import type { Script } from "../helpers/raw-upstream.ts";
import { postWith } from "../limits/house.ts";
import { chunkedHead, chunks, costRows, errorOf, lastChunk, soon, soonRow } from "./exchange.ts";
import { startCostHouse } from "./house.ts";

const chat = "provider: openai, auth: true";
const house = await startCostHouse([
  `path: /drained, target: "UP/v1/chat/completions", ${chat}, drain_on_disconnect: true, stream_idle_timeout: 1`,
  `path: /let-go, target: "UP/v1/chat/completions", ${chat}`,
  'path: /unmetered, target: "UP/v1/chat/completions", provider: none, auth: true, cost_per_request: 0.01, drain_on_disconnect: true',
  `path: /short, target: "UP/v1/chat/completions", ${chat}, drain_on_disconnect: true, max_duration: 1`,
  `path: /asked, target: "UP/v1/chat/completions", ${chat}, drain_on_disconnect: true, request_stream_usage: true`,
]);
const { gateway, port, upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

const frame = (rest: object) =>
  `data: ${JSON.stringify({ object: "chat.completion.chunk", model: "gpt-4o", choices: [], ...rest })}\n\n`;
const begun = frame({ choices: [{ delta: { content: "begun" } }] });
const usage = { prompt_tokens: 19, completion_tokens: 10, total_tokens: 29 };
const ended = `${frame({ usage })}data: [DONE]\n\n`;
const exact = { spend: 0.0001475, estimated: false, status: "failure" }; // 19 × $2.50, 10 × $10

/** Says a word, waits, and goes on to the end that tells its usage. */
const goesOn = (wait: number): Script => [
  { write: chunkedHead("text/event-stream") },
  { write: chunks(begun) },
  { wait },
  ...Array.from({ length: 40 }, () => ({ write: chunks(begun) })),
  { wait: 20 },
  { write: chunks(ended) },
  { write: lastChunk },
];

async function begin(path: string, key: MadeKey) {
  const count = upstream.requests.length;
  const client = await connectLive(port);
  await client.write(postWith(key, path, { model: "gpt-4o", stream: true }));
  await client.waitFor("begun");
  const sent = upstream.requests[count];
  if (sent === undefined) throw new Error("nothing went up");
  return { client, sent };
}

test.each([
  ["/drained", "fin"],
  ["/drained", "reset"],
  ["/asked", "reset"],
] as const)(
  "%s: the client leaves with a %s, the stream is read to its end for the exact figure",
  async (path, how) => {
    upstream.scripts.set("/v1/chat/completions", goesOn(300));
    const key = await makeKey(gateway);
    const { client, sent } = await begin(path, key);

    client.leave(how);
    await Bun.sleep(150);

    expect(sent.closedAt()).toBeNull();
    expect(await costRows(gateway, { api_key: key.id })).toEqual([]);
    const row = await soonRow(gateway, key.id);
    expect(row).toMatchObject({ ...exact, stream: true });
    expect(errorOf(row)).toBe("client_closed");
    expect((await costRows(gateway, { api_key: key.id })).length).toBe(1);
  },
);

test.each(["/let-go", "/unmetered"])(
  "%s: without it, or where nothing is to be learned, the upstream is let go at once",
  async (path) => {
    upstream.scripts.set("/v1/chat/completions", goesOn(1_000));
    const key = await makeKey(gateway);
    const { client, sent } = await begin(path, key);

    const leftAt = performance.now();
    client.leave("reset");

    await soon(() => sent.closedAt() !== null);
    expect((sent.closedAt() ?? 0) - leftAt).toBeLessThanOrEqual(100);
    expect(errorOf(await soonRow(gateway, key.id))).toBe("client_closed");
  },
);

test("an upstream that falls silent is not waited for longer than a client would", async () => {
  upstream.scripts.set("/v1/chat/completions", goesOn(4_000));
  const key = await makeKey(gateway);
  const { client, sent } = await begin("/drained", key);

  const leftAt = performance.now();
  client.leave("fin");
  await soon(() => sent.closedAt() !== null);

  expect((sent.closedAt() ?? 0) - leftAt).toBeGreaterThan(800);
  expect((sent.closedAt() ?? 0) - leftAt).toBeLessThan(1_300);
  expect(await soonRow(gateway, key.id)).toMatchObject({ estimated: true, status: "failure" });
});

test("an upstream that breaks while it is read on: what it told until then", async () => {
  upstream.scripts.set("/v1/chat/completions", [
    { write: chunkedHead("text/event-stream") },
    { write: chunks(begun) },
    { wait: 100 },
    { write: chunks(begun) },
    { wait: 50 },
    { end: "reset" },
  ]);
  const key = await makeKey(gateway);
  const { client } = await begin("/drained", key);

  client.leave("reset");
  const row = await soonRow(gateway, key.id);

  expect(row).toMatchObject({ estimated: true, status: "failure" });
  expect(row.usage?.["output"]).toBe(2);
});

/** So many calls of each key; all of them leave, and what became of them is told once they all have rows. */
async function allLeave(keys: readonly MadeKey[], each: number) {
  upstream.scripts.set("/v1/chat/completions", goesOn(700));
  const before = upstream.requests.length;
  const callers = keys.flatMap((key) => Array.from({ length: each }, () => key));
  const clients = await Promise.all(
    callers.map(async (key) => {
      const client = await connectLive(port);
      await client.write(postWith(key, "/drained", { model: "gpt-4o", stream: true }));
      await client.waitFor("begun");
      return client;
    }),
  );
  for (const client of clients) client.leave("reset");
  await Bun.sleep(200);
  const sent = upstream.requests.slice(before);
  const letGo = sent.filter((one) => one.closedAt() !== null).length;
  const rows = async () =>
    (await Promise.all(keys.map(({ id }) => costRows(gateway, { api_key: id })))).flat();
  for (const until = performance.now() + 3_000; performance.now() < until; await Bun.sleep(20)) {
    if ((await rows()).length === callers.length) break;
  }
  const all = await rows();
  expect(all.length).toBe(callers.length);
  const estimated = all.filter((row) => row.estimated).length;
  return { letGo, estimated, exact: all.filter(({ spend }) => spend === exact.spend).length };
}

test("64 are read on at once, the others are let go", async () => {
  const keys = await Promise.all(Array.from({ length: 9 }, () => makeKey(gateway)));

  expect(await allLeave(keys, 8)).toEqual({ letGo: 8, estimated: 8, exact: 64 });
});

test("eight of one caller", async () => {
  const key = await makeKey(gateway);

  expect(await allLeave([key], 10)).toEqual({ letGo: 2, estimated: 2, exact: 8 });
});

test("none is read on for longer than a call may last", async () => {
  upstream.scripts.set("/v1/chat/completions", [
    { write: chunkedHead("text/event-stream") },
    ...Array.from({ length: 30 }, () => [{ write: chunks(begun) }, { wait: 100 }]).flat(),
  ]);
  const key = await makeKey(gateway);
  const { client, sent } = await begin("/short", key);

  const leftAt = performance.now();
  client.leave("reset");
  await soon(() => sent.closedAt() !== null);

  expect((sent.closedAt() ?? 0) - leftAt).toBeLessThan(1_400);
  expect(await soonRow(gateway, key.id)).toMatchObject({ estimated: true, status: "failure" });
});

test("their places are free again", async () => {
  upstream.scripts.set("/v1/chat/completions", goesOn(100));
  const key = await makeKey(gateway);
  const { client } = await begin("/drained", key);

  client.leave("fin");

  expect(await soonRow(gateway, key.id)).toMatchObject(exact);
});
