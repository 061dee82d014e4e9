import { afterAll, describe, expect, test } from "bun:test";
import { post } from "../gateway/wire.ts";
import { makeKey } from "../helpers/keys.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { eventReply, jsonReply, rowOf } from "./exchange.ts";
import { startCostHouse } from "./house.ts";

const openai = 'target: "UP/v1/chat/completions", provider: openai, auth: true';
const house = await startCostHouse([
  `path: /trusting, ${openai}, trust_upstream_cost: true`,
  `path: /flat, ${openai}, trust_upstream_cost: true, cost_per_request: 0.5`,
  'path: /blind, target: "UP/v1/chat/completions", provider: none, auth: true, trust_upstream_cost: true',
  `path: /wary, ${openai}`,
  `path: /wary-flat, ${openai}, cost_per_request: 0.5`,
]);
const { gateway, port, upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

const key = await makeKey(gateway);
const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
const answer = { id: "c", object: "chat.completion", model: "gpt-4o", choices: [], usage };

/** The usage at the catalogue's price: 100 × $2.50 and 10 × $10 a million. */
const byUsage = 0.00035;

async function call(path: string, ...lines: readonly string[]) {
  upstream.scripts.set("/v1/chat/completions", jsonReply(answer, { lines }));
  return told(path);
}

async function told(path: string) {
  const body = '{"model":"gpt-4o","messages":[]}';
  const auth = `Authorization: Bearer ${key.key}`;
  const reply = await rawRequest(port, post(path, body, auth, "Content-Type: application/json"));
  const row = await rowOf(gateway, reply.values("x-litellm-call-id")[0]);
  return { row, cost: reply.values("x-litellm-response-cost") };
}

const header = "x-litellm-response-cost: 0.0123";

describe("trust_upstream_cost: the header, then cost_per_request, then the usage", () => {
  test.each([
    ["/trusting", [header], 0.0123],
    ["/trusting", [], byUsage],
    ["/trusting", ["x-litellm-response-cost: 1.5e-05"], 0.000015],
    ["/trusting", ["X-LiteLLM-Response-Cost: 0"], 0],
    ["/flat", [header], 0.0123],
    ["/flat", [], 0.5],
    ["/blind", [header], 0.0123],
    ["/wary", [header], byUsage],
    ["/wary-flat", [header], 0.5],
  ])("%s, %j", async (path, lines, spend) => {
    const { row } = await call(path, ...lines);

    expect(row).toMatchObject({ spend, unpriced: null, estimated: false });
  });
});

test("where nothing else tells, an untold cost is not known", async () => {
  const { row } = await call("/blind");

  expect(row).toMatchObject({ spend: null, unpriced: "no_usage", usage: null });
});

test("tokens by the header: the total counts, split as the reply splits it", async () => {
  const { row } = await call("/trusting", "x-litellm-total-tokens: 500");

  expect(row).toMatchObject({ total_tokens: 500, prompt_tokens: 490, completion_tokens: 10 });
  expect(row.spend).toBe(0.001325); // 490 × $2.50 and 10 × $10 a million
});

test("tokens by the header alone, of a reply nobody reads", async () => {
  const { row } = await call("/blind", header, "x-litellm-total-tokens: 77");

  expect(row).toMatchObject({ total_tokens: 77, spend: 0.0123 });
});

test("tokens of an upstream that is not trusted are none", async () => {
  const { row } = await call("/wary", "x-litellm-total-tokens: 500");

  expect(row).toMatchObject({ total_tokens: 110, spend: byUsage });
});

test("a cost on an error is booked where it is trusted, and only there", async () => {
  const failed = { error: { message: "It failed after all." } };
  const lines = [header];
  upstream.scripts.set("/v1/chat/completions", jsonReply(failed, { status: 500, lines }));

  expect((await told("/trusting")).row).toMatchObject({ spend: 0.0123, http_status: 500 });
  expect((await told("/flat")).row).toMatchObject({ spend: 0.0123, http_status: 500 });
  expect((await told("/wary")).row).toMatchObject({ spend: 0, http_status: 500 });
  expect((await told("/wary-flat")).row).toMatchObject({ spend: 0, http_status: 500 });
});

test("a cost before a stream", async () => {
  const stream = `data: {"model":"gpt-4o","choices":[],"usage":${JSON.stringify(usage)}}\n\ndata: [DONE]\n\n`;
  upstream.scripts.set("/v1/chat/completions", eventReply(stream, header));

  const { row, cost } = await told("/trusting");

  expect(row).toMatchObject({ spend: 0.0123, total_tokens: 110, stream: true, estimated: false });
  expect(cost).toEqual(["0.0123"]);
});

test("what is booked is what the client is told", async () => {
  expect((await call("/trusting", header)).cost).toEqual(["0.0123"]);
  expect((await call("/wary", header)).cost).toEqual(["0.00035"]);
  expect((await call("/wary-flat", header)).cost).toEqual(["0.5"]);
});
