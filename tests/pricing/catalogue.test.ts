import { expect, test } from "bun:test";
import { nanoOf, priceOf } from "./priced.ts";

// Rates in the names are dollars per million; one of them is a thousand nano-dollars per token.

test("ten embedding tokens at 0.02 cost 200 nano-dollars", async () => {
  expect(await nanoOf("openai: text-embedding-3-small", { input: 10 })).toBe(200);
});

test("input at 2.5, cached at 1.25, output at 10", async () => {
  const usage = { input: 1000, cached: 400, output: 100 };

  expect(await priceOf("openai: gpt-4o-2024-08-06", usage)).toEqual({
    nanoUsd: 600 * 2500 + 400 * 1250 + 100 * 10_000,
    source: "openai/gpt-4o",
  });
});

test("half a nano-dollar is rounded once, for the sum: three tokens at 37.5 and one at 150", async () => {
  expect(await nanoOf("cohere: command-r7b-12-2024", { input: 3, output: 1 })).toBe(263); // 262.5
  expect(await nanoOf("cohere: command-r7b-12-2024", { input: 1 })).toBe(38); // 37.5
});

test("Gemini above 200,000 tokens of input: all of it, and the output, at the higher rate", async () => {
  const at = { input: 200_000, cached: 1000, output: 1000 };
  const above = { input: 200_001, cached: 1000, output: 1000 };

  expect(await nanoOf("google: gemini-2.5-pro", at)).toBe(
    199_000 * 1250 + 1000 * 125 + 1000 * 10_000,
  );
  expect(await nanoOf("google: gemini-2.5-pro", above)).toBe(
    199_001 * 2500 + 1000 * 250 + 1000 * 15_000,
  );
});

test("Claude: writes to the cache for five minutes and for an hour, and the tier above 200,000", async () => {
  const usage = { input: 10_000, cached: 2000, cacheWrite: 3000, cacheWrite1h: 1000, output: 500 };
  const large = { ...usage, input: 250_000 };

  expect(await nanoOf("anthropic: claude-sonnet-4-5-20250929", usage)).toBe(
    5000 * 3000 + 2000 * 300 + 2000 * 3750 + 1000 * 6000 + 500 * 15_000,
  );
  expect(await nanoOf("anthropic: claude-sonnet-4-5-20250929", large)).toBe(
    245_000 * 6000 + 2000 * 600 + 2000 * 7500 + 1000 * 12_000 + 500 * 22_500,
  );
});

test("audio in and out, and cached audio, at their own rates", async () => {
  const usage = {
    input: 1000,
    audioInput: 600,
    cached: 300,
    cachedAudio: 200,
    output: 500,
    audioOutput: 400,
  };

  expect(await nanoOf("openai: gpt-4o-realtime-preview-2024-12-17", usage)).toBe(
    300 * 5000 + 400 * 40_000 + 100 * 2500 + 200 * 2500 + 100 * 20_000 + 400 * 80_000,
  );
});

test("reasoning is output where it has no rate of its own, and the rest of the output where it has", async () => {
  const usage = { input: 100, output: 1000, reasoning: 800 };

  expect(await nanoOf("openai: o3", usage)).toBe(100 * 2000 + 1000 * 8000);
  expect(await nanoOf("perplexity: sonar-deep-research", usage)).toBe(
    100 * 2000 + 200 * 8000 + 800 * 3000,
  );
});

test("pages, annotated ones at their own rate: 2 and 3 dollars for a thousand", async () => {
  const usage = { pages: 10, annotatedPages: 4 };

  expect(await nanoOf("mistral: mistral-ocr-2512", usage)).toBe(6 * 2_000_000 + 4 * 3_000_000);
});

test("rerank by search unit, speech by character, transcripts by second: what the catalogue lacks", async () => {
  expect(await nanoOf("cohere: rerank-v3.5", { searchUnits: 3 })).toBe(6_000_000);
  expect(await nanoOf("openai: tts-1", { characters: 1000 })).toBe(15_000_000);
  expect(await nanoOf("assemblyai: universal-2", { seconds: 90.5 })).toBe(3_770_833); // 0.15 an hour
  expect(await nanoOf("openai: whisper-1", { seconds: 60 })).toBe(6_000_000);
});

test("Groq charges ten seconds at least, and none for none", async () => {
  expect(await nanoOf("groq: whisper-large-v3", { seconds: 4 })).toBe(308_333); // 10 x 0.111 an hour
  expect(await nanoOf("groq: whisper-large-v3", { seconds: 36 })).toBe(1_110_000);
  expect(await nanoOf("groq: whisper-large-v3", { seconds: 0 })).toBe(0);
});

test("a fee for each request, where a model has one: 12 dollars for a thousand", async () => {
  expect(await nanoOf("perplexity: sonar", { input: 10, output: 10 })).toBe(12_000_000 + 20 * 1000);
  expect(await nanoOf("perplexity: sonar", { input: 10, requests: 2 })).toBe(
    24_000_000 + 10 * 1000,
  );
});

test("web searches at ten dollars for a thousand; where they have no price the call has none", async () => {
  const usage = { input: 10, output: 10, webSearches: 2 };

  expect(await nanoOf("anthropic: claude-haiku-4-5", usage)).toBe(10_000 + 50_000 + 20_000_000);
  expect(await nanoOf("groq: llama-3.3-70b-versatile", usage)).toBe("no_price");
});

test("cached input is input where it has no rate of its own", async () => {
  expect(await nanoOf("cohere: command-a-03-2025", { input: 100, cached: 60 })).toBe(100 * 2500);
});

test("prices change on their day", async () => {
  const usage = { input: 1000, output: 1000 };
  const before = { at: Date.UTC(2025, 5, 10) - 1 };
  const after = { at: Date.UTC(2025, 5, 10) };

  expect(await nanoOf("openai: o3", usage, before)).toBe(10_000_000 + 40_000_000);
  expect(await nanoOf("openai: o3", usage, after)).toBe(2_000_000 + 8_000_000);
});

test("a provider's prices are its own: nobody else's stand in for them", async () => {
  const usage = { input: 10, output: 10 };

  expect(await nanoOf("cohere: gpt-4o", usage)).toBe("no_price");
  expect(await nanoOf("nobody-knows: gpt-4o", usage)).toBe("no_price");
  expect(await nanoOf("our-openai-proxy: gpt-4o", usage)).toBe("no_price");
  expect(await nanoOf("gpt-4o", usage)).toBe(125_000);
  expect(await nanoOf("custom: gpt-4o", usage)).toBe(125_000);
});

test("LiteLLM's names of providers are understood", async () => {
  const usage = { input: 1000 };
  const asked = ["vertex_ai", "gemini", "google"].map((name) =>
    nanoOf(`${name}: gemini-2.5-pro`, usage),
  );

  expect(await Promise.all(asked)).toEqual([1_250_000, 1_250_000, 1_250_000]);
});

test("what nobody told, and what cannot be, has a reason and no price", async () => {
  expect(await nanoOf("openai: gpt-4o", {})).toBe("no_usage");
  expect(await nanoOf("openai: no-such-model", { input: 1 })).toBe("no_price");
  expect(await nanoOf(`openai: ${"x".repeat(300)}`, { input: 1 })).toBe("no_price");
  expect(await nanoOf("openai: gpt-4o", { input: 1, cached: 2 })).toBe("no_price");
  expect(await nanoOf("openai: gpt-4o", { input: 1e12 })).toBe(2.5e15);
  expect(await nanoOf("openai: gpt-4o", { input: Number.NaN })).toBe("no_price");
  expect(await nanoOf("openai: gpt-4o", { input: -1 })).toBe("no_price");
  expect(await nanoOf("openai: dall-e-3", { images: 1 })).toBe("no_price");
});

test("parts of a whole that nobody told: of the input no price, of the cached input theirs", async () => {
  expect(await nanoOf("openai: gpt-4o", { cached: 10 })).toBe("no_price");
  expect(await nanoOf("anthropic: claude-haiku-4-5", { input: 10, cacheWrite1h: 4 })).toBe(
    6 * 1000 + 4 * 2000,
  );
});

test("images that are told beside their tokens are charged as tokens", async () => {
  const usage = { input: 100, imageInput: 40, output: 1000, images: 1 };

  expect(await nanoOf("openai: gpt-image-1", usage)).toBe(60 * 5000 + 40 * 10_000 + 1000 * 40_000);
});

test("a model that is free is free, and told so", async () => {
  expect(await priceOf("azure: phi-4-reasoning:free", { input: 5, output: 5 })).toEqual({
    nanoUsd: 0,
    source: "azure/phi-4-reasoning:free",
  });
});
