import { afterAll, describe, expect, test } from "bun:test";
import { connectLive } from "../gateway/live-client.ts";
import { post } from "../gateway/wire.ts";
import { keyInfo, type MadeKey, makeKey } from "../helpers/keys.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { call, crowd, tally } from "../limits/crowd.ts";
import { postWith } from "../limits/house.ts";
import { costRows, eventReply, jsonReply, nano, rowOf, soon, soonRow } from "./exchange.ts";
import { startCostHouse } from "./house.ts";

const chat = 'target: "UP/v1/chat/completions", provider: openai, auth: true';
const house = await startCostHouse(
  [
    `path: /chat, ${chat}`,
    `path: /trusting, ${chat}, trust_upstream_cost: true`,
    `path: /flat, ${chat}, cost_per_request: 0.03`,
    'path: /shaped, target: "UP/v1/chat/completions", auth: true',
    'path: /gemini, target: "UP", provider: gemini, auth: true, include_subpath: true',
    `path: /ocr, target: "UP/v1/ocr", provider: mistral, auth: true`,
    'path: /free, target: "UP", provider: anthropic, auth: true, include_subpath: true',
    'path: /dice, target: "UP/dice", provider: none, auth: true, trust_upstream_cost: true',
  ],
  { settings: ["default_hold: 0.09", "min_hold: 0.001", "max_hold: 0.2"] },
);
const { gateway, port, upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
const answer = { object: "chat.completion", model: "gpt-4o", choices: [], usage };

describe("a cost that is not known ahead", () => {
  test("200 callers at once, 1 to 9 cents a call: the budget is never overrun, and used up to a hold", async () => {
    let seed = 20261121;
    const cents = () => 1 + ((seed = (seed * 48271) % 2147483647) % 8001) / 1000;
    upstream.scripts.set("/dice", () => [
      { wait: 20 },
      ...jsonReply({}, { lines: [`x-litellm-response-cost: ${(cents() / 100).toFixed(7)}`] }),
    ]);
    const key = await makeKey(gateway, { max_budget: 2 });

    let passed = 0;
    for (let last = -1; passed > last;) {
      last = passed;
      const answers = await crowd(
        port,
        Array.from({ length: 200 }, () => postWith(key, "/dice", {})),
      );
      const { 200: ok = 0, "429 budget_exceeded": refused = 0 } = tally(answers);
      expect(ok + refused).toBe(200);
      expect(ok).toBeLessThanOrEqual(22); // as many holds of nine cents are in two dollars
      passed += ok;
    }

    const { spend, held } = await keyInfo(gateway, key.key);
    expect(held).toBe(0);
    expect(spend).toBeLessThanOrEqual(2);
    expect(spend).toBeGreaterThan(2 - 0.09);
    const rows = await costRows(gateway, { api_key: key.id, status_filter: "success" });
    expect(rows.length).toBe(Math.min(100, passed));
  });
});

/** Calls, and lets the upstream keep it waiting until it leaves. */
async function waiting(key: MadeKey, path: string, upstreamPath: string, request: object) {
  const count = upstream.requests.length;
  upstream.scripts.set(upstreamPath, [{ end: "hang" }]);
  const client = await connectLive(port);
  await client.write(postWith(key, path, request));
  await soon(() => upstream.requests.length > count);
  return client;
}

/** What is on hold for a call that is under way. */
async function heldFor(path: string, upstreamPath: string, request: object): Promise<number> {
  const key = await makeKey(gateway, { max_budget: 1 });
  using _client = await waiting(key, path, upstreamPath, request);
  return nano((await keyInfo(gateway, key.key)).held) ?? 0;
}

const inputOf = (request: object) => Math.ceil(JSON.stringify(request).length / 4);

describe("what is on hold for a call", () => {
  const messages = [{ role: "user", content: "Hello!" }];
  const v1 = "/v1/chat/completions";

  test("by max_tokens and the model's price", async () => {
    const request = { model: "gpt-4o", max_tokens: 4000, messages };

    expect(await heldFor("/chat", v1, request)).toBe(inputOf(request) * 2_500 + 4000 * 10_000);
  });

  test("of a host that nobody knows, by the model alone", async () => {
    const request = { model: "gpt-4o", max_completion_tokens: 4000, messages };

    expect(await heldFor("/shaped", v1, request)).toBe(inputOf(request) * 2_500 + 4000 * 10_000);
  });

  test("by the model that the path names, whatever the body says", async () => {
    const path = "/v1beta/models/gemini-2.5-pro:generateContent";
    const generationConfig = { maxOutputTokens: 2000 };
    const request = { model: "gemini-2.5-flash-lite", contents: [], generationConfig };

    const held = await heldFor(`/gemini${path}`, path, request);

    expect(held).toBe(inputOf(request) * 1_250 + 2000 * 10_000); // $1.25 in, $10 out a million
  });

  test("by the dearest of several models", async () => {
    const models = ["gpt-4o-mini", "gpt-4o"];
    const request = { model: "gpt-4o-mini", models, max_tokens: 4000 };

    expect(await heldFor("/chat", v1, request)).toBe(inputOf(request) * 2_500 + 4000 * 10_000);
  });

  test("of a body too long to be read: nobody knows what it asks for", async () => {
    const path = "/v1beta/models/gemini-2.5-pro:generateContent";
    const contents = [{ parts: [{ inline_data: { data: "x".repeat(1_200_000) } }] }];
    const request = { contents, generationConfig: { maxOutputTokens: 2000 } };

    expect(await heldFor(`/gemini${path}`, path, request)).toBe(90_000_000);
  });

  test("no less than min_hold and no more than max_hold", async () => {
    expect(await heldFor("/chat", v1, { model: "gpt-4o", max_tokens: 1 })).toBe(1_000_000);
    expect(await heldFor("/chat", v1, { model: "gpt-4o", max_tokens: 900_000 })).toBe(200_000_000);
  });

  test("a flat price as it is", async () => {
    expect(await heldFor("/flat", v1, { model: "gpt-4o", max_tokens: 4000 })).toBe(30_000_000);
  });

  test.each([
    ["no max_tokens", "/chat", v1, { model: "gpt-4o", messages }],
    ["a model without a price", "/chat", v1, { model: "nobody-knows", max_tokens: 10 }],
    ["no model", "/chat", v1, { max_tokens: 10 }],
    ["an API that counts no tokens", "/ocr", "/v1/ocr", { model: "mistral-ocr-latest" }],
  ])("the default: %s", async (_, path, upstreamPath, request) => {
    expect(await heldFor(path, upstreamPath, request)).toBe(90_000_000);
  });
});

test("a call that would not fit is refused; once the first is settled it fits", async () => {
  const key = await makeKey(gateway, { max_budget: 0.07 });
  const request = { model: "gpt-4o", max_tokens: 4000 };
  const path = "/v1/chat/completions";
  const count = upstream.requests.length;

  const first = await waiting(key, "/chat", path, request);
  upstream.scripts.set(path, jsonReply(answer));
  const second = await call(port, postWith(key, "/chat", request));
  const small = await call(port, postWith(key, "/chat", { ...request, max_tokens: 100 }));
  first.leave("reset");
  const row = await soonRow(gateway, key.id, { status_filter: "failure", error_code: "499" });

  expect(second).toMatchObject({ status: 429, type: "budget_exceeded" });
  expect(second.message).toContain("this call needs $0.0400");
  expect(second.headers["x-should-retry"]).toBe("false");
  expect(small.status).toBe(200);
  expect((await call(port, postWith(key, "/chat", request))).status).toBe(200);
  const spent = (nano(row.spend) ?? 0) + 2 * 350_000; // 100 × $2.50 and 10 × $10 a million
  expect(await keyInfo(gateway, key.key)).toMatchObject({ spend: spent / 1e9, held: 0 });
  expect(upstream.requests.length - count).toBe(3);
});

describe("counts and costs that cannot be: the hold is booked, and one line tells of it", () => {
  const bad: readonly (readonly [string, unknown])[] = [
    ["negative", -1],
    ["beyond all measure", 1e308],
    ["a text", "100"],
    ["a text, NaN", "NaN"],
    ["a list", [100]],
    ["an object", { n: 100 }],
    ["true", true],
  ];

  async function booked(path: string, body: object = { model: "gpt-4o", max_tokens: 4000 }) {
    const key = await makeKey(gateway, { max_budget: 10 });
    const auth = `Authorization: Bearer ${key.key}`;
    const json = "Content-Type: application/json";
    const reply = await rawRequest(port, post(path, JSON.stringify(body), auth, json));
    const id = reply.values("x-litellm-call-id")[0];
    const row = await rowOf(gateway, id);
    const { spend, held } = await keyInfo(gateway, key.key);
    expect({ spend, held }).toEqual({ spend: row.spend ?? 0, held: 0 });
    const lines = () => gateway.lines().filter((line) => line["id"] === id);
    await soon(() => lines().some(({ event }) => event === "call"));
    const alarms = lines().filter(({ event }) => event === "usage_invalid");
    return { row, reply, alarms };
  }

  const hold = inputOf({ model: "gpt-4o", max_tokens: 4000 }) * 2_500 + 4000 * 10_000;
  const isHold = { estimated: true, unpriced: null, usage: null, status: "success" };

  test.each(bad)("in a reply: %s", async (_, count) => {
    const told = { ...answer, usage: { ...usage, completion_tokens: count } };
    upstream.scripts.set("/v1/chat/completions", jsonReply(told));

    const { row, reply, alarms } = await booked("/chat");

    expect(reply.body.toString()).toBe(JSON.stringify(told));
    expect(row).toMatchObject({ ...isHold, spend: hold / 1e9 });
    expect(alarms).toMatchObject([{ level: "error", route: "/chat", cost_usd: hold / 1e9 }]);
  });

  test("1e999, which JSON can write and no number can hold", async () => {
    const text = JSON.stringify(answer).replace(":110", ":1e999");
    upstream.scripts.set("/v1/chat/completions", jsonReply(text.replace(":100", ":1e999")));

    const { row, alarms } = await booked("/chat");

    expect(row).toMatchObject({ ...isHold, spend: hold / 1e9 });
    expect(alarms.length).toBe(1);
  });

  test("NaN is no JSON: the reply cannot be read, and a budget is charged with the hold", async () => {
    const text = JSON.stringify(answer).replace(":100", ":NaN");
    upstream.scripts.set("/v1/chat/completions", jsonReply(text));

    const { row, reply } = await booked("/chat");

    expect(reply.body.toString()).toBe(text);
    expect(row).toMatchObject({ ...isHold, spend: hold / 1e9, unpriced: "unparsed", usage: null });
  });

  test.each(bad)("in a frame of a stream: %s", async (_, count) => {
    const frame = (told: object) => `data: ${JSON.stringify({ ...answer, usage: told })}\n\n`;
    const text = `${frame({ ...usage, prompt_tokens: count })}${frame(usage)}data: [DONE]\n\n`;
    upstream.scripts.set("/v1/chat/completions", eventReply(text));

    const { row, reply, alarms } = await booked("/chat");

    expect(reply.body.toString()).toBe(text);
    expect(row).toMatchObject({ ...isHold, spend: hold / 1e9, stream: true });
    expect(alarms.length).toBe(1);
  });

  test.each([
    "NaN",
    "-0.01",
    "1e308",
    "-1e308",
    "Infinity",
    "abc",
    "0.1, 0.2",
    "0x10",
    "1e",
    "9000001000",
  ])("in x-litellm-response-cost: %s", async (text) => {
    const lines = [`x-litellm-response-cost: ${text}`];
    upstream.scripts.set("/v1/chat/completions", jsonReply(answer, { lines }));

    const { row, alarms } = await booked("/trusting");

    expect(row).toMatchObject({ ...isHold, spend: hold / 1e9 });
    expect(alarms.length).toBe(1);
  });

  test.each(["NaN", "-5", "1e308", "many"])("in x-litellm-total-tokens: %s", async (text) => {
    const lines = [`x-litellm-total-tokens: ${text}`];
    upstream.scripts.set("/v1/chat/completions", jsonReply(answer, { lines }));

    const { row, alarms } = await booked("/trusting");

    expect(row).toMatchObject({ ...isHold, spend: hold / 1e9 });
    expect(alarms.length).toBe(1);
  });

  test("without a budget what would be held is booked", async () => {
    const key = await makeKey(gateway);
    const told = { ...answer, usage: { ...usage, completion_tokens: -1 } };
    upstream.scripts.set("/v1/chat/completions", jsonReply(told));

    await call(port, postWith(key, "/chat", { model: "gpt-4o", max_tokens: 4000 }));

    expect((await keyInfo(gateway, key.key)).spend).toBe(0.09);
  });

  test("beside a flat price they change nothing of the cost", async () => {
    const told = { ...answer, usage: { ...usage, completion_tokens: -1 } };
    upstream.scripts.set("/v1/chat/completions", jsonReply(told));

    const { row } = await booked("/flat");

    expect(row).toMatchObject({ spend: 0.03, usage: null });
  });

  test("an error reply costs nothing, whatever it tells", async () => {
    const lines = ["x-litellm-response-cost: NaN"];
    const told = { error: {}, usage: { prompt_tokens: -1 } };
    upstream.scripts.set("/v1/chat/completions", jsonReply(told, { status: 500, lines }));

    expect((await booked("/chat")).row).toMatchObject({ spend: 0, estimated: false });
    expect((await booked("/trusting")).row).toMatchObject({ spend: 0 });
  });
});
