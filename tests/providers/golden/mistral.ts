import { type GoldenCase, sse, typedSse } from "../golden.ts";

/*
 * Replies as they stand, read on 2026-11-21, at https://docs.mistral.ai (studio-api: chat-completion, prompt-caching,
 * function-calling, websearch, agents-api) and https://docs.mistral.ai/api (embeddings, fim, agents); source: https://github.com/mistralai/platform-docs-public. "After": the
 * form is that page's, the counts are ours. Long texts are cut.
 */

const chat = "/v1/chat/completions";
const ask = (model: string, extra: object = {}) => ({
  model,
  messages: [{ role: "user", content: "How far is the moon?" }],
  ...extra,
});
const id = "59060ef9339a4112b2c9e57e3ee6199d";
const chunk = (delta: object, finish_reason: string | null, usage: object | null) => ({
  id,
  object: "chat.completion.chunk",
  created: 1764258570,
  model: "mistral-large-latest",
  choices: [{ index: 0, delta, finish_reason }],
  usage,
});
const completion = (model: string, usage: object, finish_reason = "stop") => ({
  id,
  object: "chat.completion",
  model,
  usage,
  created: 1764257531,
  choices: [{ index: 0, message: { role: "assistant", content: "..." }, finish_reason }],
});

/** Exchanges with Mistral, documents and audio apart. */
export const mistralCases: readonly GoldenCase[] = [
  {
    name: "chat, plain",
    path: chat,
    request: ask("mistral-large-latest"),
    reply: completion("mistral-large-latest", {
      prompt_tokens: 11,
      completion_tokens: 268,
      total_tokens: 279,
    }),
    expected: {
      provider: "mistral",
      model: "mistral-large-latest",
      usage: { input: 11, output: 268 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 1_630_000,
      working: "$2 in, $6 out: 11 x 2,000 + 268 x 6,000 = 22,000 + 1,608,000",
    },
  },
  {
    name: "chat, with a tool",
    path: chat,
    request: ask("mistral-large-latest"),
    reply: completion(
      "mistral-large-latest",
      { prompt_tokens: 94, completion_tokens: 30, total_tokens: 124 },
      "tool_calls",
    ),
    expected: {
      provider: "mistral",
      model: "mistral-large-latest",
      usage: { input: 94, output: 30 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 368_000,
      working: "$2 in, $6 out: 94 x 2,000 + 30 x 6,000 = 188,000 + 180,000",
    },
  },
  {
    name: "chat, cached (after the page on prompt caching)",
    path: chat,
    request: ask("mistral-medium-latest"),
    reply: completion("mistral-medium-latest", {
      prompt_tokens: 1013,
      total_tokens: 1043,
      completion_tokens: 30,
      prompt_tokens_details: { cached_tokens: 1008 },
    }),
    expected: {
      provider: "mistral",
      model: "mistral-medium-latest",
      usage: { input: 1013, output: 30, cached: 1008 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 383_700,
      working:
        "$1.50 in, $0.15 cached, $7.50 out: 5 x 1,500 + 1,008 x 150 + 30 x 7,500 = 7,500 + 151,200 + 225,000",
    },
  },
  {
    name: "chat, streamed (after the page on chat)",
    path: chat,
    request: ask("mistral-large-latest", { stream: true }),
    reply: sse(
      chunk({ role: "assistant", content: "" }, null, null),
      chunk({ content: "384,400" }, null, null),
      chunk({ content: " km" }, "stop", {
        prompt_tokens: 11,
        total_tokens: 279,
        completion_tokens: 268,
      }),
    ),
    expected: {
      provider: "mistral",
      model: "mistral-large-latest",
      usage: { input: 11, output: 268 },
      isFinal: true,
    },
    handCalculation: { nanoUsd: 1_630_000, working: "as the plain one: 22,000 + 1,608,000" },
  },
  {
    name: "chat, streamed with a tool (after the page on function calling)",
    path: chat,
    request: ask("mistral-large-latest", { stream: true }),
    reply: sse(
      chunk({ role: "assistant", content: "" }, null, null),
      chunk(
        {
          content: "",
          tool_calls: [
            {
              id: "8PdihwL6d",
              function: { name: "retrieve_payment_status", arguments: '{"id": "T1001"}' },
              index: 0,
            },
          ],
        },
        "tool_calls",
        { prompt_tokens: 94, completion_tokens: 30, total_tokens: 124 },
      ),
    ),
    expected: {
      provider: "mistral",
      model: "mistral-large-latest",
      usage: { input: 94, output: 30 },
      isFinal: true,
    },
    handCalculation: { nanoUsd: 368_000, working: "as the plain one: 188,000 + 180,000" },
  },
  {
    name: "chat, streamed and broken off",
    path: chat,
    request: ask("mistral-large-latest", { stream: true }),
    reply: sse(
      chunk({ role: "assistant", content: "" }, null, null),
      chunk({ content: "384,400" }, null, null),
    ).replace("data: [DONE]\n\n", ""),
    expected: { provider: "mistral", model: "mistral-large-latest", usage: null, isFinal: false },
    handCalculation: null,
  },
  {
    name: "completion in the middle",
    path: "/v1/fim/completions",
    request: { model: "codestral-2508", prompt: "def", suffix: "return a + b" },
    reply: completion("codestral-2508", {
      prompt_tokens: 8,
      completion_tokens: 91,
      total_tokens: 99,
    }),
    expected: {
      provider: "mistral",
      model: "codestral-2508",
      usage: { input: 8, output: 91 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 84_300,
      working: "$0.30 in, $0.90 out: 8 x 300 + 91 x 900 = 2,400 + 81,900",
    },
  },
  {
    name: "agent",
    path: "/v1/agents/completions",
    request: { agent_id: "ag_1", messages: [{ role: "user", content: "Who is the best?" }] },
    reply: completion("mistral-medium-latest", {
      prompt_tokens: 24,
      completion_tokens: 27,
      total_tokens: 51,
      prompt_audio_seconds: {},
    }),
    expected: {
      provider: "mistral",
      model: "mistral-medium-latest",
      usage: { input: 24, output: 27 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 238_500,
      working: "$1.50 in, $7.50 out: 24 x 1,500 + 27 x 7,500 = 36,000 + 202,500",
    },
  },
  {
    name: "embedding",
    path: "/v1/embeddings",
    request: { model: "mistral-embed", input: ["Embed this sentence.", "As well as this one."] },
    reply: {
      data: [{ embedding: [-0.016632080078125], index: 0, object: "embedding" }],
      model: "mistral-embed",
      object: "list",
      usage: {
        prompt_tokens: 15,
        completion_tokens: 0,
        total_tokens: 15,
        prompt_audio_seconds: null,
      },
    },
    expected: {
      provider: "mistral",
      model: "mistral-embed",
      usage: { input: 15, output: 0 },
      isFinal: true,
    },
    handCalculation: { nanoUsd: 1_500, working: "$0.10 in: 15 x 100" },
  },
  {
    name: "conversation that searched the web: what the search found is input",
    path: "/v1/conversations",
    request: { agent_id: "ag_1", inputs: "Who won the last European Football cup?" },
    reply: {
      conversation_id: "conv_06835b734f2776bb80008fa7a309bf5a",
      outputs: [
        { type: "tool.execution", name: "web_search", object: "entry" },
        { type: "message.output", model: "mistral-medium-latest", role: "assistant" },
      ],
      usage: {
        prompt_tokens: 188,
        completion_tokens: 55,
        total_tokens: 7355,
        connector_tokens: 7112,
        connectors: { web_search: 1 },
      },
      object: "conversation.response",
    },
    expected: {
      provider: "mistral",
      model: "mistral-medium-latest",
      usage: { input: 7300, output: 55, webSearches: 1 },
      isFinal: true,
    },
    handCalculation: null,
  },
  {
    name: "conversation, streamed",
    path: "/v1/conversations",
    request: { model: "mistral-medium-latest", inputs: "Who won?", stream: true },
    reply: typedSse(
      { type: "conversation.response.started", conversation_id: "conv_067f2a98c1a773678000" },
      { type: "tool.execution.started", output_index: 0, name: "web_search" },
      {
        type: "conversation.response.done",
        usage: { prompt_tokens: 18709, total_tokens: 18892, completion_tokens: 183 },
      },
    ),
    expected: {
      provider: "mistral",
      model: null,
      usage: { input: 18709, output: 183 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 29_436_000,
      working: "$1.50 in, $7.50 out: 18,709 x 1,500 + 183 x 7,500 = 28,063,500 + 1,372,500",
    },
  },
];
