import { afterAll, describe, expect, test } from "bun:test";
import { chunkedHead, chunks, costRows, errorOf, lastChunk, soonRow } from "./exchange.ts";
import {
  calling,
  type Calling,
  claudeDelta,
  documentOf,
  gpt4o,
  inputEstimate,
  messageStart,
  startPartialHouse,
  streams,
  usageFrame,
  words,
} from "./partial.ts";

const house = await startPartialHouse();
const { gateway } = house;

afterAll(() => house[Symbol.asyncDispose]());

const keyIds: string[] = [];

/** The row of a call whose client waits for the end. */
async function rowAfter(call: Calling, isOver = "") {
  const { client, key } = await calling(house, call);
  keyIds.push(key.id);
  if (isOver === "") await client.ended();
  else await client.waitFor(isOver);
  return soonRow(gateway, key.id);
}

describe.each([
  ["a reset", { end: "reset" }],
  ["no last chunk", { end: "close" }],
] as const)("the upstream breaks off with %s", (_, end) => {
  test("a stream that told nothing yet: its size, and a token for each event", async () => {
    const row = await rowAfter({ path: "/chat", script: [...streams(words), end] });

    expect(row).toMatchObject({ estimated: true, status: "failure", stream: true });
    expect(errorOf(row)).toBe("stream_broken");
    expect(row.usage).toEqual({ input: inputEstimate, output: 3 });
    expect(row.spend).toBe(gpt4o(inputEstimate, 3));
    expect(row).toMatchObject({ provider: "openai", model: "gpt-4o", unpriced: null });
  });

  test("Anthropic's after its first message: the input that it told", async () => {
    const text = messageStart + claudeDelta.repeat(4);

    const row = await rowAfter({ path: "/claude", script: [...streams(text), end] });

    expect(row.usage).toEqual({ input: 1_225, cached: 1_200, output: 5 });
    expect(row.spend).toBe((25 * 3_000 + 1_200 * 300 + 5 * 15_000) / 1e9); // $3, $0.30, $15
    expect(row).toMatchObject({ estimated: true, model: "claude-sonnet-4-5" });
  });

  test("once it told its usage it is exact", async () => {
    const row = await rowAfter({ path: "/chat", script: [...streams(words + usageFrame), end] });

    expect(row.usage).toEqual({ input: 19, output: 10 });
    expect(row).toMatchObject({ estimated: false, spend: gpt4o(19, 10) });
    expect(errorOf(row)).toBe("stream_broken");
  });

  test("a coded stream is estimated too", async () => {
    const coded = Bun.gzipSync(Buffer.from(words.repeat(2_000)));
    const head = chunkedHead("text/event-stream", "Content-Encoding: gzip");
    const cut = chunks(coded.subarray(0, coded.length - 12));
    const script = [{ write: head }, { write: cut }, { wait: 30 }, end];

    const row = await rowAfter({ path: "/chat", script });

    expect(row).toMatchObject({ estimated: true, unpriced: null });
    expect(row.usage?.["input"]).toBe(inputEstimate);
    expect(row.usage?.["output"]).toBeGreaterThan(100);
  });

  test("a JSON reply too, by its size", async () => {
    const begun = '{"object":"chat.completion","model":"gpt-4o","choices":[{"message":"Once upon';

    const row = await rowAfter({ path: "/chat", script: [...documentOf(begun), end] });

    expect(row).toMatchObject({ estimated: true, status: "failure", stream: false });
    expect(row.usage).toEqual({ input: inputEstimate, output: Math.ceil(begun.length / 4) });
  });

  test("embeddings, which have no price of output, by what was sent", async () => {
    const body = { model: "text-embedding-3-small", input: "x".repeat(4_000) };
    const script = [...documentOf('{"object":"list","data":[{"embedding":[0.0023'), end];

    const row = await rowAfter({ path: "/embed", script, body });

    expect(row).toMatchObject({ estimated: true, unpriced: null, model: body.model });
    expect(row.spend).toBe(((row.usage?.["input"] ?? 0) * 20) / 1e9); // $0.02 a million
    expect(row.spend).toBeGreaterThan(0);
  });

  test("a reply whose headers told its usage is exact", async () => {
    const lines = ["input-token-count: 30", "output-token-count: 7"].map(
      (count) => `x-amzn-bedrock-${count}`,
    );
    const script = [...documentOf('{"results":[{"outputText":"Once', ...lines), end];

    const row = await rowAfter({ path: "/bedrock", script });

    expect(row.usage).toEqual({ input: 30, output: 7 });
    expect(row).toMatchObject({ estimated: false, status: "failure" });
  });

  test("what is not counted in tokens is not guessed", async () => {
    const row = await rowAfter({ path: "/ocr", script: [...documentOf('{"pages":['), end] });

    expect(row).toMatchObject({ spend: null, usage: null, estimated: false });
    expect(row.unpriced).toMatch(/^(?:no_usage|unparsed)$/);
  });

  test("a flat price is booked whole", async () => {
    const row = await rowAfter({ path: "/flat", script: [...streams(words), end] });

    expect(row).toMatchObject({ spend: 0.02, status: "failure" });
  });
});

test("no reply at all: nobody is charged for what was not answered", async () => {
  const row = await rowAfter({ path: "/chat", script: [{ end: "reset" }] }, "HTTP/1.1 502");

  expect(row).toMatchObject({ spend: null, unpriced: "no_reply", usage: null, estimated: false });
});

test("a stream that ends as it should and never tells its usage is estimated", async () => {
  const script = [...streams(`${words}data: [DONE]\n\n`), { write: lastChunk }];

  const row = await rowAfter({ path: "/chat", script }, "0\r\n\r\n");

  expect(row).toMatchObject({ estimated: true, status: "success" });
  expect(row.usage?.["input"]).toBe(inputEstimate);
});

test("each of these calls has one row", async () => {
  expect(keyIds.length).toBe(20);
  for (const id of keyIds) expect((await costRows(gateway, { api_key: id })).length).toBe(1);
});
