import { describe, expect, test } from "bun:test";
import type { UsageFormat } from "../../src/core/metering.ts";
import { openAiLike } from "../../src/providers/openai-like.ts";
import { callOf, foldOf, testGolden } from "./golden.ts";
import { openAiLikeCases } from "./golden/openai-like.ts";

describe("what replies tell", () => {
  for (const golden of openAiLikeCases) testGolden(formatAt(golden.host), [golden]);
});

test("Anthropic's messages are read at these hosts too", () => {
  const call = { path: "/anthropic/v1/messages" };
  const fold = formatAt("api.deepseek.com").fold(callOf(call));
  if (fold === null || fold === "free") throw new Error("no fold");
  fold.add(
    { type: "message", model: "deepseek-chat", usage: { input_tokens: 3, output_tokens: 4 } },
    null,
  );

  expect(formatAt("api.deepseek.com").countsTokens(callOf(call))).toBe(true);
  expect(fold.result()).toMatchObject({ provider: "deepseek", usage: { input: 3, output: 4 } });
});

test("counts of tokens cost nothing; what a POST to an unknown path tells is read as tokens", () => {
  const format = formatAt("openrouter.ai");
  const fold = format.fold(callOf({ path: "/api/v1/rerank" }));
  if (fold === null || fold === "free") throw new Error("no fold");
  fold.add({ model: "m", usage: { total_tokens: 12 } }, null);

  expect(format.fold(callOf({ path: "/api/v1/messages/count_tokens" }))).toBe("free");
  expect(format.fold(callOf({ method: "GET", path: "/api/v1/models" }))).toBe("free");
  expect(fold.result()).toMatchObject({ provider: "openrouter", usage: { input: 12 } });
});

test("Cloudflare's models are named by the path, the rest of its API is not metered", () => {
  const cloudflare = formatAt("api.cloudflare.com");
  const run = "/client/v4/accounts/a1/ai/run/@cf/meta/llama-3.1-8b-instruct";
  const fold = cloudflare.fold(callOf({ path: run }));
  if (fold === null || fold === "free") throw new Error("no fold");
  fold.add({ result: { response: "Hi", usage: { prompt_tokens: 5, completion_tokens: 2 } } }, null);

  expect(fold.result()).toMatchObject({ provider: "cloudflare", usage: { input: 5, output: 2 } });
  expect(cloudflare.modelOfPath(run)).toBe("@cf/meta/llama-3.1-8b-instruct");
  expect(cloudflare.fold(callOf({ path: "/client/v4/zones" }))).toBeNull();
  expect(cloudflare.countsTokens(callOf({ path: "/client/v4/zones" }))).toBe(false);
});

test("at Hugging Face's router the path tells who answers", () => {
  const router = formatAt("router.huggingface.co");
  const told = (path: string) => {
    const golden = { name: "", path, request: null, reply: null };
    const expected = { provider: null, model: null, usage: null, isFinal: false };
    const fold = foldOf(router, { ...golden, expected, handCalculation: null });
    fold.add({ usage: { prompt_tokens: 1, completion_tokens: 1 } }, null);
    return fold.result().provider;
  };

  expect(told("/groq/openai/v1/chat/completions")).toBe("huggingface_groq");
  expect(told("/v1/chat/completions")).toBe("huggingface");
});

function formatAt(host: string): UsageFormat {
  const format = openAiLike.find((candidate) => candidate.serves(host));
  if (format === undefined) throw new Error(`nobody serves ${host}`);
  return format;
}
