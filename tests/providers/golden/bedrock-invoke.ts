/** Amazon's examples of `invoke`, see `bedrock.ts` for their pages; of 2026-11-21. */
import type { GoldenCase } from "../golden.ts";

const claude = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0";
const request = { anthropic_version: "bedrock-2023-05-31", max_tokens: 256, messages: [] };
const prompt = { prompt: "Hello" };

/** A message of a stream, as it stands there: in Base64. */
function chunk(message: object) {
  const bytes = Buffer.from(JSON.stringify(message)).toString("base64");
  return { event: "chunk", data: { bytes, p: "abcdefghij" } };
}

function metrics(input: number, output: number, caches: object = {}) {
  const latency = { invocationLatency: 1574, firstByteLatency: 1574 };
  return {
    "amazon-bedrock-invocationMetrics": {
      inputTokenCount: input,
      outputTokenCount: output,
      ...latency,
      ...caches,
    },
  };
}

const claudeStart = [
  chunk({
    type: "message_start",
    message: {
      id: "msg_bdrk_01",
      type: "message",
      role: "assistant",
      model: "claude-sonnet-4-5-20250929",
      content: [],
      usage: {
        input_tokens: 25,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 1200,
        output_tokens: 1,
      },
    },
  }),
  chunk({
    type: "content_block_delta",
    index: 0,
    delta: { type: "text_delta", text: "Hello" },
  }),
];

const claudeEnd = [
  chunk({
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 15 },
  }),
  chunk({
    type: "message_stop",
    ...metrics(25, 15, { cacheReadInputTokenCount: 1200, cacheWriteInputTokenCount: 0 }),
  }),
];

const llama = (generation: string, rest: object) => chunk({ generation, ...rest });

/** Each family in the form that its page shows; the counts are after the pages' fields. */
export const bedrockInvokeCases: readonly GoldenCase[] = [
  {
    name: "Claude",
    path: `${claude}/invoke`,
    request,
    reply: {
      id: "msg_bdrk_01",
      type: "message",
      role: "assistant",
      model: "claude-sonnet-4-5-20250929",
      content: [{ type: "text", text: "Hello!" }],
      stop_reason: "end_turn",
      usage: { input_tokens: 12, output_tokens: 6 },
    },
    expected: { provider: "aws", model: null, usage: { input: 12, output: 6 }, isFinal: true },
    handCalculation: { nanoUsd: 138_600, working: "12 × $3.30 + 6 × $16.50, per million" },
  },
  {
    name: "Claude as a stream over a cache, its tokens told twice",
    path: `${claude}/invoke-with-response-stream`,
    request,
    reply: [...claudeStart, ...claudeEnd],
    form: "aws-event-stream",
    expected: {
      provider: "aws",
      model: null,
      usage: { input: 1225, output: 15, cached: 1200 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 726_000,
      working: "25 × $3.30 + 1,200 × $0.33 + 15 × $16.50, per million",
    },
  },
  {
    name: "Claude, a stream that broke off",
    path: `${claude}/invoke-with-response-stream`,
    request,
    reply: claudeStart,
    form: "aws-event-stream",
    expected: {
      provider: "aws",
      model: null,
      usage: { input: 1225, output: 1, cached: 1200 },
      isFinal: false,
    },
    handCalculation: {
      nanoUsd: 495_000,
      working: "25 × $3.30 + 1,200 × $0.33 + 1 × $16.50, per million: what was told",
    },
  },
  {
    name: "Llama",
    path: "/model/meta.llama3-8b-instruct-v1%3A0/invoke",
    request: prompt,
    reply: {
      generation: "Hello!",
      prompt_token_count: 11,
      generation_token_count: 73,
      stop_reason: "stop",
    },
    expected: { provider: "aws", model: null, usage: { input: 11, output: 73 }, isFinal: true },
    handCalculation: { nanoUsd: 47_100, working: "11 × $0.30 + 73 × $0.60, per million" },
  },
  {
    name: "Llama as a stream",
    path: "/model/meta.llama3-8b-instruct-v1%3A0/invoke-with-response-stream",
    request: prompt,
    reply: [
      llama("Hel", { prompt_token_count: 11, generation_token_count: 1, stop_reason: null }),
      llama("lo", { prompt_token_count: null, generation_token_count: 2, stop_reason: null }),
      llama("", {
        prompt_token_count: null,
        generation_token_count: 3,
        stop_reason: "stop",
        ...metrics(11, 3),
      }),
    ],
    form: "aws-event-stream",
    expected: { provider: "aws", model: null, usage: { input: 11, output: 3 }, isFinal: true },
    handCalculation: { nanoUsd: 5100, working: "11 × $0.30 + 3 × $0.60, per million" },
  },
  {
    name: "Titan",
    path: "/model/amazon.titan-text-express-v1/invoke",
    request: { inputText: "User: Hello\nBot:" },
    reply: {
      inputTextTokenCount: 3,
      results: [{ tokenCount: 14, outputText: "\nHello!", completionReason: "FINISH" }],
    },
    expected: { provider: "aws", model: null, usage: { input: 3, output: 14 }, isFinal: true },
    handCalculation: { nanoUsd: 9000, working: "3 × $0.20 + 14 × $0.60, per million" },
  },
  {
    name: "Titan as a stream of one message",
    path: "/model/amazon.titan-text-express-v1/invoke-with-response-stream",
    request: { inputText: "User: Hello\nBot:" },
    reply: [
      chunk({
        outputText: "\nHello! I am a computer program designed to assist you.",
        index: 0,
        totalOutputTextTokenCount: 21,
        completionReason: "FINISH",
        inputTextTokenCount: 3,
        ...metrics(3, 21),
      }),
    ],
    form: "aws-event-stream",
    expected: { provider: "aws", model: null, usage: { input: 3, output: 21 }, isFinal: true },
    handCalculation: { nanoUsd: 13_200, working: "3 × $0.20 + 21 × $0.60, per million" },
  },
  {
    name: "Titan's embeddings",
    path: "/model/amazon.titan-embed-text-v1/invoke",
    request: { inputText: "Hello" },
    reply: { embedding: [0.0131], inputTextTokenCount: 7 },
    expected: { provider: "aws", model: null, usage: { input: 7 }, isFinal: true },
    handCalculation: { nanoUsd: 700, working: "7 × $0.10 per million" },
  },
  {
    name: "Nova as a stream",
    path: "/model/amazon.nova-lite-v1%3A0/invoke-with-response-stream",
    request: { schemaVersion: "messages-v1", messages: [] },
    reply: [
      chunk({ messageStart: { role: "assistant" } }),
      chunk({ contentBlockDelta: { delta: { text: "Hello" }, contentBlockIndex: 0 } }),
      chunk({ messageStop: { stopReason: "end_turn" } }),
      chunk({
        metadata: {
          usage: { inputTokens: 8, outputTokens: 117, cacheReadInputTokenCount: 0 },
          metrics: {},
        },
        ...metrics(8, 117),
      }),
    ],
    form: "aws-event-stream",
    expected: {
      provider: "aws",
      model: null,
      usage: { input: 8, output: 117 },
      isFinal: true,
    },
    handCalculation: { nanoUsd: 28_560, working: "8 × $0.06 + 117 × $0.24, per million" },
  },
  {
    name: "a model that answers in OpenAI's format",
    path: "/model/openai.gpt-oss-20b-1%3A0/invoke",
    request: { messages: [{ role: "user", content: "Hello" }] },
    reply: {
      id: "chatcmpl-1",
      object: "chat.completion",
      model: "openai.gpt-oss-20b-1:0",
      choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 71, completion_tokens: 26, total_tokens: 97 },
    },
    expected: { provider: "aws", model: null, usage: { input: 71, output: 26 }, isFinal: true },
    handCalculation: { nanoUsd: 12_770, working: "71 × $0.07 + 26 × $0.30, per million" },
  },
  {
    name: "images by Nova Canvas (the catalogue has no price)",
    path: "/model/amazon.nova-canvas-v1%3A0/invoke",
    request: { taskType: "TEXT_IMAGE", textToImageParams: { text: "a cat" } },
    reply: { images: ["iVBORw0KGgo=", "iVBORw0KGgo="] },
    expected: { provider: "aws", model: null, usage: { images: 2 }, isFinal: true },
    handCalculation: null,
  },
];
