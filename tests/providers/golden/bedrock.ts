/**
 * Examples of Amazon's public documentation, as of 2026-11-21:
 * - Converse, plain and streamed: https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-call.html
 * - its counts: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
 * - caches: https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
 * - bodies by family: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
 * - streams of bodies: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html
 * "After" marks counts that the page names without showing them. The model is the path's alone.
 */
import type { GoldenCase } from "../golden.ts";
import { bedrockInvokeCases } from "./bedrock-invoke.ts";

const sonnet3 = "/model/anthropic.claude-3-sonnet-20240229-v1%3A0";
const sonnet45 = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0";
const request = {
  messages: [{ role: "user", content: [{ text: "Create a list of 3 pop songs." }] }],
};

const delta = (index: number, inner: object) => ({
  event: "contentBlockDelta",
  data: { contentBlockIndex: index, delta: inner, p: "abcd" },
});
const started = { event: "messageStart", data: { role: "assistant", p: "abcdefgh" } };
const stopped = (stopReason: string) => ({ event: "messageStop", data: { stopReason, p: "ab" } });
const metadata = (usage: object) => ({
  event: "metadata",
  data: { metrics: { latencyMs: 100 }, p: "abcdef", usage },
});

const textStream = [
  started,
  delta(0, { text: "" }),
  delta(0, { text: " Title" }),
  delta(0, { text: ":" }),
];

const nothing = { provider: null, model: null, usage: null, isFinal: false };

/** Rates: Claude 3 Sonnet in $3, out $15; Claude Sonnet 4.5 in a region in $3.30, read $0.33, write $4.125, out $16.50. */
export const bedrockCases: readonly GoldenCase[] = [
  {
    name: "Converse",
    path: `${sonnet3}/converse`,
    request,
    reply: {
      output: { message: { role: "assistant", content: [{ text: "Here is a list ..." }] } },
      stopReason: "end_turn",
      usage: { inputTokens: 125, outputTokens: 60, totalTokens: 185 },
      metrics: { latencyMs: 1175 },
    },
    expected: { provider: "aws", model: null, usage: { input: 125, output: 60 }, isFinal: true },
    handCalculation: { nanoUsd: 1_275_000, working: "125 × $3 + 60 × $15, per million" },
  },
  {
    name: "Converse over a cache (after the example of prompt-caching)",
    path: `${sonnet45}/converse`,
    request,
    reply: {
      output: { message: { role: "assistant", content: [{ text: "Here is a list ..." }] } },
      stopReason: "end_turn",
      usage: {
        inputTokens: 12,
        outputTokens: 200,
        totalTokens: 3212,
        cacheReadInputTokens: 2500,
        cacheWriteInputTokens: 500,
      },
      metrics: { latencyMs: 1175 },
    },
    expected: {
      provider: "aws",
      model: null,
      usage: { input: 3012, output: 200, cached: 2500, cacheWrite: 500 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 6_227_100,
      working: "12 × $3.30 + 2,500 × $0.33 + 500 × $4.125 + 200 × $16.50, per million",
    },
  },
  {
    name: "Converse as a stream",
    path: `${sonnet3}/converse-stream`,
    request,
    reply: [
      ...textStream,
      stopped("max_tokens"),
      metadata({ inputTokens: 47, outputTokens: 20, totalTokens: 67 }),
    ],
    form: "aws-event-stream",
    expected: { provider: "aws", model: null, usage: { input: 47, output: 20 }, isFinal: true },
    handCalculation: { nanoUsd: 441_000, working: "47 × $3 + 20 × $15, per million" },
  },
  {
    name: "Converse as a stream with tools (after the example of conversation-inference)",
    path: `${sonnet3}/converse-stream`,
    request,
    reply: [
      started,
      {
        event: "contentBlockStart",
        data: { contentBlockIndex: 0, start: { toolUse: { toolUseId: "tooluse_1", name: "top" } } },
      },
      delta(0, { toolUse: { input: '{"sign": "WZPZ"}' } }),
      { event: "contentBlockStop", data: { contentBlockIndex: 0 } },
      stopped("tool_use"),
      metadata({ inputTokens: 1219, outputTokens: 67, totalTokens: 1286 }),
    ],
    form: "aws-event-stream",
    expected: { provider: "aws", model: null, usage: { input: 1219, output: 67 }, isFinal: true },
    handCalculation: { nanoUsd: 4_662_000, working: "1,219 × $3 + 67 × $15, per million" },
  },
  {
    name: "Converse, a stream that broke off",
    path: `${sonnet3}/converse-stream`,
    request,
    reply: textStream,
    form: "aws-event-stream",
    expected: nothing,
    handCalculation: null,
  },
  {
    name: "Converse, a stream that ends with an error",
    path: `${sonnet3}/converse-stream`,
    request,
    reply: [
      ...textStream,
      { event: "modelStreamErrorException", data: { message: "The model failed." } },
    ],
    form: "aws-event-stream",
    expected: nothing,
    handCalculation: null,
  },
  {
    name: "an error",
    path: `${sonnet3}/converse`,
    request,
    status: 429,
    reply: { message: "Too many requests, please wait before trying again." },
    expected: nothing,
    handCalculation: null,
  },
  ...bedrockInvokeCases,
];
