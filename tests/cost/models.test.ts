import { afterAll, expect, test } from "bun:test";
import { post } from "../gateway/wire.ts";
import { makeKey } from "../helpers/keys.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { jsonReply, nano, rowOf } from "./exchange.ts";
import { startCostHouse } from "./house.ts";

const house = await startCostHouse(
  ["openai", "gemini", "bedrock", "cohere"].map(
    (name) => `path: /${name}, target: "UP", provider: ${name}, auth: true, include_subpath: true`,
  ),
);
const { gateway, port, upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

const { key } = await makeKey(gateway);

async function rowFor(name: string, path: string, body: object, reply: object) {
  upstream.scripts.set(path, jsonReply(reply));
  const lines = [`Authorization: Bearer ${key}`, "Content-Type: application/json"];
  const answer = await rawRequest(port, post(`/${name}${path}`, JSON.stringify(body), ...lines));
  return rowOf(gateway, answer.values("x-litellm-call-id")[0]);
}

test("as the reply names it, whatever was asked for", async () => {
  const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
  const reply = { object: "chat.completion", model: "gpt-4o-2024-08-06", choices: [], usage };

  const row = await rowFor("openai", "/v1/chat/completions", { model: "gpt-4o-mini" }, reply);

  expect(row.model).toBe("gpt-4o-2024-08-06");
  expect(nano(row.spend)).toBe(100 * 2_500 + 10 * 10_000);
});

test("else as the path names it: who reads it there reads none in the body", async () => {
  const path = "/v1beta/models/gemini-2.5-pro:generateContent";
  const usageMetadata = { promptTokenCount: 100, candidatesTokenCount: 10, totalTokenCount: 110 };
  const body = { model: "gemini-2.5-flash-lite", contents: [] };

  const row = await rowFor("gemini", path, body, { candidates: [], usageMetadata });

  expect(row.model).toBe("gemini-2.5-pro");
  expect(nano(row.spend)).toBe(100 * 1_250 + 10 * 10_000);
});

test("the same of Amazon's, whose replies name none", async () => {
  const path = "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse";
  const reply = { output: {}, usage: { inputTokens: 100, outputTokens: 10, totalTokens: 110 } };
  const asked = { messages: [] };

  const honest = await rowFor("bedrock", path, asked, reply);
  const sly = await rowFor("bedrock", path, { ...asked, model: "amazon.nova-micro-v1:0" }, reply);

  expect(honest.spend).toBeGreaterThan(0.0004);
  expect(sly).toMatchObject({ spend: honest.spend, model: honest.model });
});

test("else as the request names it", async () => {
  const reply = { results: [], meta: { billed_units: { search_units: 2 } } };

  const row = await rowFor("cohere", "/v2/rerank", { model: "rerank-v3.5" }, reply);

  expect(row).toMatchObject({ model: "rerank-v3.5", spend: 0.004 });
});
