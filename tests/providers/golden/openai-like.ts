import { type GoldenCase, sse } from "../golden.ts";
import { nothingTold } from "./openai-parts.ts";

/*
 * The forms are those that these pages describe (as of 2026-11-21; put together from their fields, not quoted), the
 * counts are ours: https://console.groq.com/docs/api-reference, https://docs.x.ai/docs/api-reference,
 * https://api-docs.deepseek.com/guides/kv_cache, https://platform.moonshot.ai/docs/api/chat, https://openrouter.ai/docs,
 * https://docs.perplexity.ai/api-reference.
 */

/** An exchange, and whose host it is with. */
export interface HostedCase extends GoldenCase {
  readonly host: string;
}

const chunk = (model: string, choices: readonly object[], rest: object = {}) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1730241104,
  model,
  choices,
  ...rest,
});
const delta = (content: string, finish_reason: string | null = null, rest: object = {}) => ({
  index: 0,
  delta: { content },
  finish_reason,
  ...rest,
});
const completion = (model: string, usage: object) => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1730241104,
  model,
  choices: [{ index: 0, message: { role: "assistant", content: "..." }, finish_reason: "stop" }],
  usage,
});
const ask = (model: string, extra: object = {}) => ({
  model,
  messages: [{ role: "user", content: "Hello" }],
  ...extra,
});

const llama = "llama-3.3-70b-versatile";
const groqUsage = {
  queue_time: 0.037493756,
  prompt_tokens: 18,
  prompt_time: 0.000680594,
  completion_tokens: 556,
  completion_time: 0.463333333,
  total_tokens: 574,
  total_time: 0.464013927,
};
const groqPrice = {
  nanoUsd: 449_860,
  working: "$0.59 in, $0.79 out: 18 x 590 + 556 x 790 = 10,620 + 439,240",
};

/** Exchanges with those who speak as OpenAI does. */
export const openAiLikeCases: readonly HostedCase[] = [
  {
    name: "Groq, plain",
    host: "api.groq.com",
    path: "/openai/v1/chat/completions",
    request: ask(llama),
    reply: completion(llama, groqUsage),
    expected: { provider: "groq", model: llama, usage: { input: 18, output: 556 }, isFinal: true },
    handCalculation: groqPrice,
  },
  {
    name: "Groq, streamed, in a place of its own",
    host: "api.groq.com",
    path: "/openai/v1/chat/completions",
    request: ask(llama, { stream: true }),
    reply: sse(
      chunk(llama, [delta("")], { x_groq: { id: "req_1" } }),
      chunk(llama, [delta("Fast")]),
      chunk(llama, [delta("", "stop")], { x_groq: { id: "req_1", usage: groqUsage } }),
    ),
    expected: { provider: "groq", model: llama, usage: { input: 18, output: 556 }, isFinal: true },
    handCalculation: groqPrice,
  },
  {
    name: "xAI, reasoning beside the completion",
    host: "api.x.ai",
    path: "/v1/chat/completions",
    request: ask("grok-4"),
    reply: completion("grok-4-0709", {
      prompt_tokens: 37,
      completion_tokens: 530,
      total_tokens: 800,
      prompt_tokens_details: {
        text_tokens: 37,
        audio_tokens: 0,
        image_tokens: 0,
        cached_tokens: 8,
      },
      completion_tokens_details: { reasoning_tokens: 233, audio_tokens: 0 },
      num_sources_used: 0,
    }),
    expected: {
      provider: "x-ai",
      model: "grok-4-0709",
      usage: { input: 37, output: 763, cached: 8, reasoning: 233 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 11_538_000,
      working:
        "$3 in, $0.75 cached, $15 out: 29 x 3,000 + 8 x 750 + 763 x 15,000 = 87,000 + 6,000 + 11,445,000",
    },
  },
  {
    name: "DeepSeek, cached by its own names",
    host: "api.deepseek.com",
    path: "/chat/completions",
    request: ask("deepseek-v3.1-terminus"),
    reply: completion("deepseek-v3.1-terminus", {
      prompt_tokens: 1000,
      completion_tokens: 50,
      total_tokens: 1050,
      prompt_cache_hit_tokens: 640,
      prompt_cache_miss_tokens: 360,
    }),
    expected: {
      provider: "deepseek",
      model: "deepseek-v3.1-terminus",
      usage: { input: 1000, output: 50, cached: 640 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 227_900,
      working:
        "$0.27 in, $0.13 cached, $0.95 out: 360 x 270 + 640 x 130 + 50 x 950 = 97,200 + 83,200 + 47,500",
    },
  },
  {
    name: "Moonshot, streamed, within the choice",
    host: "api.moonshot.ai",
    path: "/v1/chat/completions",
    request: ask("kimi-k2-0905-preview", { stream: true }),
    reply: sse(
      chunk("kimi-k2-0905-preview", [delta("Hi")]),
      chunk("kimi-k2-0905-preview", [
        delta("", "stop", {
          usage: { prompt_tokens: 19, completion_tokens: 13, total_tokens: 32, cached_tokens: 9 },
        }),
      ]),
    ),
    expected: {
      provider: "moonshotai",
      model: "kimi-k2-0905-preview",
      usage: { input: 19, output: 13, cached: 9 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 39_850,
      working: "$0.60 in, $0.15 cached, $2.50 out: 10 x 600 + 9 x 150 + 13 x 2,500",
    },
  },
  {
    name: "OpenRouter, streamed: usage beside a choice that has ended before",
    host: "openrouter.ai",
    path: "/api/v1/chat/completions",
    request: ask("openai/gpt-4o-mini", { stream: true }),
    reply: `: OPENROUTER PROCESSING\n\n${sse(
      chunk("openai/gpt-4o-mini", [delta("Hi")]),
      chunk("openai/gpt-4o-mini", [delta("", "stop")]),
      chunk("openai/gpt-4o-mini", [delta("")], {
        usage: {
          prompt_tokens: 194,
          completion_tokens: 2,
          total_tokens: 196,
          cost: 0.0000303,
          prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, audio_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 0 },
        },
      }),
    )}`,
    expected: {
      provider: "openrouter",
      model: "openai/gpt-4o-mini",
      usage: { input: 194, output: 2 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 30_300,
      working: "$0.15 in, $0.60 out: 194 x 150 + 2 x 600 = 29,100 + 1,200",
    },
  },
  {
    name: "Perplexity, streamed: usage in each frame, adding up, and a price for the request",
    host: "api.perplexity.ai",
    path: "/chat/completions",
    request: ask("sonar", { stream: true }),
    reply: sse(
      chunk("sonar", [delta("Space")], {
        usage: { prompt_tokens: 14, completion_tokens: 1, total_tokens: 15 },
      }),
      chunk("sonar", [delta(" is big", "stop")], {
        usage: {
          prompt_tokens: 14,
          completion_tokens: 70,
          total_tokens: 84,
          search_context_size: "low",
        },
      }),
    ),
    expected: {
      provider: "perplexity",
      model: "sonar",
      usage: { input: 14, output: 70, requests: 1 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 12_084_000,
      working: "$1 in, $1 out, $12 per thousand requests: 14 x 1,000 + 70 x 1,000 + 12,000,000",
    },
  },
  {
    name: "Perplexity, deep research: citations, reasoning and searches are charged too",
    host: "api.perplexity.ai",
    path: "/chat/completions",
    request: ask("sonar-deep-research"),
    reply: completion("sonar-deep-research", {
      prompt_tokens: 33,
      completion_tokens: 7163,
      total_tokens: 7196,
      citation_tokens: 20016,
      num_search_queries: 18,
      reasoning_tokens: 73997,
    }),
    expected: {
      provider: "perplexity",
      model: "sonar-deep-research",
      usage: { input: 20049, output: 81160, reasoning: 73997, webSearches: 18, requests: 1 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 409_393_000,
      working:
        "$2 in (citations too), $8 out, $3 reasoning, $5 per thousand searches: 20,049 x 2,000 + 7,163 x 8,000 + 73,997 x 3,000 + 18 x 5,000,000 = 40,098,000 + 57,304,000 + 221,991,000 + 90,000,000",
    },
  },
  {
    name: "Voyage, one count for all",
    host: "api.voyageai.com",
    path: "/v1/embeddings",
    request: { model: "voyage-3.5", input: ["Sample text 1", "Sample text 2"] },
    reply: {
      object: "list",
      data: [{ object: "embedding", embedding: [0.1], index: 0 }],
      model: "voyage-3.5",
      usage: { total_tokens: 10 },
    },
    expected: { provider: "voyageai", model: "voyage-3.5", usage: { input: 10 }, isFinal: true },
    handCalculation: { nanoUsd: 600, working: "$0.06 in: 10 x 60" },
  },
  {
    name: "an error",
    host: "api.groq.com",
    path: "/openai/v1/chat/completions",
    request: ask(llama),
    status: 401,
    reply: { error: { message: "Invalid API Key", type: "invalid_request_error" } },
    expected: nothingTold,
    handCalculation: null,
  },
];
