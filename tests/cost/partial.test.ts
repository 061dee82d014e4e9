import { afterAll, describe, expect, test } from "bun:test";
import { connectLive } from "../gateway/live-client.ts";
import { type MadeKey, makeKey } from "../helpers/keys.ts";
import type { Step } from "../helpers/raw-upstream.ts";
import { postWith } from "../limits/house.ts";
import { chunkedHead, chunks, costRows, errorOf, lastChunk, soon, soonRow } from "./exchange.ts";
import { startCostHouse } from "./house.ts";

const chat = 'target: "UP/v1/chat/completions", provider: openai, auth: true';
const house = await startCostHouse([
  `path: /chat, ${chat}`,
  'path: /shaped, target: "UP/v1/chat/completions", auth: true',
  'path: /claude, target: "UP/v1/messages", provider: anthropic, auth: true',
  'path: /flat, target: "UP/v1/chat/completions", auth: true, cost_per_request: 0.02',
  'path: /ocr, target: "UP/v1/ocr", provider: mistral, auth: true',
]);
const { gateway, port, upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

const events = chunkedHead("text/event-stream");
const word = (text: string) =>
  `data: ${JSON.stringify({ object: "chat.completion.chunk", model: "gpt-4o", choices: [{ index: 0, delta: { content: text } }] })}\n\n`;
const words = [word("One"), word("two"), word("three")].join("");
const told = { prompt_tokens: 19, completion_tokens: 10, total_tokens: 29 };
const usageFrame = `data: ${JSON.stringify({ object: "chat.completion.chunk", model: "gpt-4o", choices: [], usage: told })}\n\n`;
const request = { model: "gpt-4o", stream: true, messages: [{ role: "user", content: "Count." }] };
const inputEstimate = Math.ceil(JSON.stringify(request).length / 4);
const nanoOf = (input: number, output: number) => input * 2_500 + output * 10_000;

const claudeEvent = (event: { type: string }) =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
const messageStart = claudeEvent({
  type: "message_start",
  ...{
    message: {
      model: "claude-sonnet-4-5",
      usage: { input_tokens: 25, cache_read_input_tokens: 1_200, output_tokens: 1 },
    },
  },
});
const claudeDelta = claudeEvent({
  type: "content_block_delta",
  ...{ index: 0, delta: { type: "text_delta", text: "Hi" } },
});

const keys: MadeKey[] = [];

/** Each call has a key of its own, by which its one row is found. */
async function calling(path: string, script: readonly Step[], body: object = request) {
  const target = path === "/claude" ? "/v1/messages" : path === "/ocr" ? "/v1/ocr" : undefined;
  upstream.scripts.set(target ?? "/v1/chat/completions", script);
  const key = await makeKey(gateway);
  keys.push(key);
  const count = upstream.requests.length;
  const client = await connectLive(port);
  await client.write(postWith(key, path, body));
  await soon(() => upstream.requests.length > count);
  const sent = upstream.requests[count];
  if (sent === undefined) throw new Error("nothing went up");
  return { key, client, sent };
}

const waits: Step = { end: "hang" };
const streams = (text: string): Step[] => [{ write: events }, { write: chunks(text) }, { wait: 30 }];

const ends = [
  ["a reset", { end: "reset" }],
  ["no last chunk", { end: "close" }],
] as const;

describe.each(ends)("the upstream breaks off with %s", (_, end) => {
  test("a stream that told nothing yet: its size, and a token for each event", async () => {
    const { client, key } = await calling("/chat", [...streams(words), end]);

    await client.ended();
    const row = await soonRow(gateway, key.id);

    expect(row).toMatchObject({ estimated: true, status: "failure", stream: true });
    expect(errorOf(row)).toBe("stream_broken");
    expect(row.usage).toEqual({ input: inputEstimate, output: 3 });
    expect(row.spend).toBe(nanoOf(inputEstimate, 3) / 1e9);
    expect(row).toMatchObject({ provider: "openai", model: "gpt-4o", unpriced: null });
  });

  test("Anthropic's after its first message: the input that it told", async () => {
    const { client, key } = await calling("/claude", [
      ...streams(messageStart + claudeDelta.repeat(4)),
      end,
    ]);

    await client.ended();
    const row = await soonRow(gateway, key.id);

    expect(row.usage).toEqual({ input: 1_225, cached: 1_200, output: 5 });
    expect(row.spend).toBe((25 * 3_000 + 1_200 * 300 + 5 * 15_000) / 1e9); // $3, $0.30, $15
    expect(row).toMatchObject({ estimated: true, model: "claude-sonnet-4-5" });
  });

  test("once it told its usage it is exact", async () => {
    const { client, key } = await calling("/chat", [...streams(words + usageFrame), end]);

    await client.ended();
    const row = await soonRow(gateway, key.id);

    expect(row.usage).toEqual({ input: 19, output: 10 });
    expect(row).toMatchObject({ estimated: false, spend: nanoOf(19, 10) / 1e9 });
    expect(errorOf(row)).toBe("stream_broken");
  });

  test("a coded stream is estimated too", async () => {
    const coded = Bun.gzipSync(Buffer.from(words.repeat(2_000)));
    const head = chunkedHead("text/event-stream", "Content-Encoding: gzip");
    const { client, key } = await calling("/chat", [
      { write: head },
      { write: chunks(coded.subarray(0, coded.length - 12)) },
      { wait: 30 },
      end,
    ]);

    await client.ended();
    const row = await soonRow(gateway, key.id);

    expect(row).toMatchObject({ estimated: true, unpriced: null });
    expect(row.usage?.["input"]).toBe(inputEstimate);
    expect(row.usage?.["output"]).toBeGreaterThan(100);
  });

  test("a JSON reply too", async () => {
    const head = chunkedHead("application/json");
    const { client, key } = await calling("/chat", [
      { write: head },
      { write: chunks('{"object":"chat.completion","model":"gpt-4o","choices":[') },
      { wait: 30 },
      end,
    ]);

    await client.ended();
    const row = await soonRow(gateway, key.id);

    expect(row).toMatchObject({ estimated: true, status: "failure", stream: false });
    expect(row.usage?.["input"]).toBe(inputEstimate);
  });

  test("what is not counted in tokens is not guessed", async () => {
    const { client, key } = await calling("/ocr", [
      { write: chunkedHead("application/json") },
      { write: chunks('{"pages":[') },
      { wait: 30 },
      end,
    ]);

    await client.ended();
    const row = await soonRow(gateway, key.id);

    expect(row).toMatchObject({ spend: null, usage: null, estimated: false });
    expect(row.unpriced).toMatch(/^(?:no_usage|unparsed)$/);
  });

  test("a flat price is booked whole", async () => {
    const { client, key } = await calling("/flat", [...streams(words), end]);

    await client.ended();

    expect(await soonRow(gateway, key.id)).toMatchObject({ spend: 0.02, status: "failure" });
  });
});

test("no reply at all: nobody is charged for what was not answered", async () => {
  const { client, key } = await calling("/chat", [{ end: "reset" }]);

  await client.waitFor("HTTP/1.1 502");
  const row = await soonRow(gateway, key.id);

  expect(row).toMatchObject({ spend: null, unpriced: "no_reply", usage: null, estimated: false });
});

describe.each(["fin", "reset"] as const)("the client leaves with a %s", (how) => {
  test("before the headers: at least what it sent was used", async () => {
    const { client, key, sent } = await calling("/chat", [waits]);
    await Bun.sleep(60);

    const leftAt = performance.now();
    client.leave(how);
    const row = await soonRow(gateway, key.id);

    expect(row).toMatchObject({ estimated: true, status: "failure", http_status: 499 });
    expect(errorOf(row)).toBe("client_closed");
    expect(row.usage).toEqual({ input: inputEstimate, output: 0 });
    expect(row).toMatchObject({ spend: nanoOf(inputEstimate, 0) / 1e9, model: "gpt-4o" });
    await expectClosed(sent, leftAt);
  });

  test("mid-stream: what it saw, and the upstream is let go", async () => {
    const { client, key, sent } = await calling("/chat", [...streams(words), waits]);
    await client.waitFor("three");

    const leftAt = performance.now();
    client.leave(how);
    const row = await soonRow(gateway, key.id);

    expect(row).toMatchObject({ estimated: true, status: "failure", stream: true });
    expect(errorOf(row)).toBe("client_closed");
    expect(row.usage).toEqual({ input: inputEstimate, output: 3 });
    await expectClosed(sent, leftAt);
  });

  test("Anthropic's after its first message: the input that it told", async () => {
    const { client, key } = await calling("/claude", [...streams(messageStart), waits]);
    await client.waitFor("message_start");

    client.leave(how);

    expect((await soonRow(gateway, key.id)).usage).toEqual({
      input: 1_225,
      cached: 1_200,
      output: 1,
    });
  });

  test("once the stream told its usage it is exact", async () => {
    const { client, key } = await calling("/chat", [...streams(words + usageFrame), waits]);
    await client.waitFor("total_tokens");

    client.leave(how);
    const row = await soonRow(gateway, key.id);

    expect(row).toMatchObject({ estimated: false, spend: nanoOf(19, 10) / 1e9 });
    expect(errorOf(row)).toBe("client_closed");
  });

  test("of a host that nobody knows", async () => {
    const { client, key } = await calling("/shaped", [...streams(words), waits]);
    await client.waitFor("three");

    client.leave(how);
    const row = await soonRow(gateway, key.id);

    expect(row).toMatchObject({ estimated: true, provider: "openai", model: "gpt-4o" });
    expect(row.usage).toEqual({ input: inputEstimate, output: 3 });
  });

  test("of a host that nobody knows, before the headers", async () => {
    const { client, key } = await calling("/shaped", [waits]);
    await Bun.sleep(60);

    client.leave(how);
    const row = await soonRow(gateway, key.id);

    expect(row.usage).toEqual({ input: inputEstimate, output: 0 });
    expect(row).toMatchObject({ provider: null, spend: nanoOf(inputEstimate, 0) / 1e9 });
  });
});

test("a stream that ends as it should and never tells its usage is estimated", async () => {
  const whole: Step[] = [...streams(`${words}data: [DONE]\n\n`), { write: lastChunk }];
  const { client, key } = await calling("/chat", whole);

  await client.waitFor("0\r\n\r\n");
  const row = await soonRow(gateway, key.id);

  expect(row).toMatchObject({ estimated: true, status: "success" });
  expect(row.usage?.["input"]).toBe(inputEstimate);
});

test("each of these calls has one row", async () => {
  for (const key of keys) expect((await costRows(gateway, { api_key: key.id })).length).toBe(1);
});

async function expectClosed(
  sent: { closedAt(): number | null },
  leftAt: number,
): Promise<void> {
  await soon(() => sent.closedAt() !== null);
  expect((sent.closedAt() ?? 0) - leftAt).toBeLessThanOrEqual(100);
}

