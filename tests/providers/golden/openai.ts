import type { GoldenCase } from "../golden.ts";
import { nothingTold, openAiChat, openAiTool } from "./openai-parts.ts";

/*
 * Replies as they stand, read on 2026-11-21, at https://platform.openai.com/docs/api-reference (its source is
 * https://github.com/openai/openai-openapi, openapi.yaml): chat, completions, embeddings, runs of threads. Where a case says
 * "after", the form is that page's and the counts are ours, or of https://platform.openai.com/docs/guides/prompt-caching.
 * Of long texts and of fields that say nothing of usage some are left out.
 */

const chat = "/v1/chat/completions";
const ask = (model: string, extra: object = {}) => ({
  model,
  messages: [{ role: "user", content: "Hello!" }],
  ...extra,
});

const noParts = {
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
};

/** Chat, completions, embeddings, runs of threads. */
export const openAiCases: readonly GoldenCase[] = [
  {
    name: "chat, plain",
    path: chat,
    request: ask("gpt-5.4"),
    reply: openAiChat("gpt-5.4").reply({
      prompt_tokens: 19,
      completion_tokens: 10,
      total_tokens: 29,
      ...noParts,
    }),
    expected: {
      provider: "openai",
      model: "gpt-5.4",
      usage: { input: 19, output: 10 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 197_500,
      working: "$2.50 in, $15 out per million: 19 x 2,500 + 10 x 15,000 = 47,500 + 150,000",
    },
  },
  {
    name: "chat, with an image",
    path: chat,
    request: ask("gpt-5.4"),
    reply: openAiChat("gpt-5.4").reply({
      prompt_tokens: 1117,
      completion_tokens: 46,
      total_tokens: 1163,
      ...noParts,
    }),
    expected: {
      provider: "openai",
      model: "gpt-5.4",
      usage: { input: 1117, output: 46 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 3_482_500,
      working: "$2.50 in, $15 out: 1,117 x 2,500 + 46 x 15,000 = 2,792,500 + 690,000",
    },
  },
  {
    name: "chat, with a tool",
    path: chat,
    request: ask("gpt-4o-mini"),
    reply: openAiTool("gpt-4o-mini").reply({
      prompt_tokens: 82,
      completion_tokens: 17,
      total_tokens: 99,
      completion_tokens_details: {
        reasoning_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    }),
    expected: {
      provider: "openai",
      model: "gpt-4o-mini",
      usage: { input: 82, output: 17 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 22_500,
      working: "$0.15 in, $0.60 out: 82 x 150 + 17 x 600 = 12,300 + 10,200",
    },
  },
  {
    name: "chat, cached (after the guide on prompt caching)",
    path: chat,
    request: ask("gpt-4o"),
    reply: openAiChat("gpt-4o-2024-08-06").reply({
      prompt_tokens: 2006,
      completion_tokens: 300,
      total_tokens: 2306,
      prompt_tokens_details: { cached_tokens: 1920 },
      completion_tokens_details: { reasoning_tokens: 0 },
    }),
    expected: {
      provider: "openai",
      model: "gpt-4o-2024-08-06",
      usage: { input: 2006, output: 300, cached: 1920 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 5_615_000,
      working:
        "$2.50 in, $1.25 cached, $10 out: 86 x 2,500 + 1,920 x 1,250 + 300 x 10,000 = 215,000 + 2,400,000 + 3,000,000",
    },
  },
  {
    name: "chat, audio in and out (after the reference)",
    path: chat,
    request: ask("gpt-4o-audio-preview"),
    reply: openAiChat("gpt-4o-audio-preview-2024-12-17").reply({
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 60 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 40 },
    }),
    expected: {
      provider: "openai",
      model: "gpt-4o-audio-preview-2024-12-17",
      usage: { input: 100, output: 50, audioInput: 60, audioOutput: 40 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 750_000,
      working: "$2.50 in, $10 out, no price of its own for audio: 100 x 2,500 + 50 x 10,000",
    },
  },
  {
    name: "chat, streamed (after the reference), usage in a frame of its own",
    path: chat,
    request: ask("gpt-4o-mini", { stream: true, stream_options: { include_usage: true } }),
    reply: openAiChat("gpt-4o-mini").stream({
      prompt_tokens: 19,
      completion_tokens: 10,
      total_tokens: 29,
      ...noParts,
    }),
    expected: {
      provider: "openai",
      model: "gpt-4o-mini",
      usage: { input: 19, output: 10 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 8_850,
      working: "$0.15 in, $0.60 out: 19 x 150 + 10 x 600 = 2,850 + 6,000",
    },
  },
  {
    name: "chat, streamed with a tool (after the reference)",
    path: chat,
    request: ask("gpt-4o-mini", { stream: true, stream_options: { include_usage: true } }),
    reply: openAiTool("gpt-4o-mini").stream({
      prompt_tokens: 82,
      completion_tokens: 17,
      total_tokens: 99,
    }),
    expected: {
      provider: "openai",
      model: "gpt-4o-mini",
      usage: { input: 82, output: 17 },
      isFinal: true,
    },
    handCalculation: { nanoUsd: 22_500, working: "as the plain one: 12,300 + 10,200" },
  },
  {
    name: "chat, streamed without usage",
    path: chat,
    request: ask("gpt-4o-mini", { stream: true }),
    reply: openAiChat("gpt-4o-mini").stream(undefined),
    expected: { provider: "openai", model: "gpt-4o-mini", usage: null, isFinal: false },
    handCalculation: null,
  },
  {
    name: "chat, streamed and broken off",
    path: chat,
    request: ask("gpt-4o-mini", { stream: true, stream_options: { include_usage: true } }),
    reply: openAiChat("gpt-4o-mini").begun,
    expected: { provider: "openai", model: "gpt-4o-mini", usage: null, isFinal: false },
    handCalculation: null,
  },
  {
    name: "chat, an error within the stream",
    path: chat,
    request: ask("gpt-4o-mini", { stream: true, stream_options: { include_usage: true } }),
    reply: `${openAiChat("gpt-4o-mini").begun}data: {"error":{"message":"The server had an error while processing your request.","type":"server_error","param":null,"code":null}}\n\n`,
    expected: { provider: "openai", model: "gpt-4o-mini", usage: null, isFinal: false },
    handCalculation: null,
  },
  {
    name: "an error",
    path: chat,
    request: ask("gpt-5.4"),
    status: 429,
    reply: {
      error: {
        message: "You exceeded your current quota, please check your plan and billing details.",
        type: "insufficient_quota",
        param: null,
        code: "insufficient_quota",
      },
    },
    expected: nothingTold,
    handCalculation: null,
  },
  {
    name: "completion",
    path: "/v1/completions",
    request: { model: "gpt-3.5-turbo-instruct", prompt: "Say this is a test", max_tokens: 7 },
    reply: {
      id: "cmpl-uqkvlQyYK7bGYrRHQ0eXlWi7",
      object: "text_completion",
      created: 1589478378,
      model: "gpt-3.5-turbo-instruct",
      system_fingerprint: "fp_44709d6fcb",
      choices: [
        { text: "\n\nThis is indeed a test", index: 0, logprobs: null, finish_reason: "length" },
      ],
      usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 },
    },
    expected: {
      provider: "openai",
      model: "gpt-3.5-turbo-instruct",
      usage: { input: 5, output: 7 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 21_500,
      working: "$1.50 in, $2 out: 5 x 1,500 + 7 x 2,000 = 7,500 + 14,000",
    },
  },
  {
    name: "embedding",
    path: "/v1/embeddings",
    request: { model: "text-embedding-ada-002", input: "The food was delicious" },
    reply: {
      object: "list",
      data: [{ object: "embedding", embedding: [0.0023064255, -0.009327292], index: 0 }],
      model: "text-embedding-ada-002",
      usage: { prompt_tokens: 8, total_tokens: 8 },
    },
    expected: {
      provider: "openai",
      model: "text-embedding-ada-002",
      usage: { input: 8 },
      isFinal: true,
    },
    handCalculation: { nanoUsd: 800, working: "$0.10 in: 8 x 100" },
  },
  {
    name: "run of a thread, streamed: its last step is not all of it",
    path: "/v1/threads/runs",
    request: { assistant_id: "asst_123", stream: true },
    reply: `event: thread.run.step.completed
data: {"id":"step_001","object":"thread.run.step","run_id":"run_123","type":"message_creation","status":"completed","usage":{"prompt_tokens":20,"completion_tokens":11,"total_tokens":31}}

event: thread.run.completed
data: {"id":"run_123","object":"thread.run","status":"completed","model":"gpt-4o","usage":{"prompt_tokens":345,"completion_tokens":11,"total_tokens":356}}

event: done
data: [DONE]

`,
    expected: {
      provider: "openai",
      model: "gpt-4o",
      usage: { input: 345, output: 11 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 972_500,
      working: "$2.50 in, $10 out: 345 x 2,500 + 11 x 10,000 = 862,500 + 110,000",
    },
  },
];
