import { type GoldenCase, typedSse } from "../golden.ts";

/*
 * Replies as they stand, read on 2026-11-21, at https://platform.openai.com/docs/api-reference/responses (its source is
 * https://github.com/openai/openai-openapi, openapi.yaml). "After": the form is that page's, the counts are ours. Of
 * fields that say nothing of usage some are left out.
 */

const responses = "/v1/responses";

const response = (model: string, rest: object) => ({
  id: "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b",
  object: "response",
  created_at: 1741476542,
  status: "completed",
  error: null,
  incomplete_details: null,
  instructions: null,
  model,
  parallel_tool_calls: true,
  previous_response_id: null,
  tool_choice: "auto",
  tools: [],
  truncation: "disabled",
  user: null,
  metadata: {},
  ...rest,
});

const message = {
  type: "message",
  id: "msg_67ccd2bf17f0819081ff3bb2cf6508e60bb6a6b452d3795b",
  status: "completed",
  role: "assistant",
  content: [
    { type: "output_text", text: "Hi there! How can I assist you today?", annotations: [] },
  ],
};

const begun = {
  type: "response.created",
  response: response("gpt-5.4", { status: "in_progress", output: [], usage: null }),
};
const delta = {
  type: "response.output_text.delta",
  item_id: "msg_67c9fdcf37fc8190ba82116e33fb28c507b8b0ad4e5eb654",
  output_index: 0,
  content_index: 0,
  delta: "Hi",
};
const shortUsage = {
  input_tokens: 37,
  output_tokens: 11,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 48,
};

/** The Responses API. */
export const openAiResponseCases: readonly GoldenCase[] = [
  {
    name: "response, plain, with a function",
    path: responses,
    request: { model: "gpt-5.4", input: "What is the weather like in Boston today?" },
    reply: response("gpt-5.4", {
      output: [{ type: "function_call", name: "get_current_weather", status: "completed" }],
      usage: {
        input_tokens: 291,
        output_tokens: 23,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 314,
      },
    }),
    expected: {
      provider: "openai",
      model: "gpt-5.4",
      usage: { input: 291, output: 23 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 1_072_500,
      working: "$2.50 in, $15 out: 291 x 2,500 + 23 x 15,000 = 727,500 + 345,000",
    },
  },
  {
    name: "response, with reasoning",
    path: responses,
    request: { model: "o1", input: "How much wood would a woodchuck chuck?" },
    reply: response("o1-2024-12-17", {
      output: [message],
      usage: {
        input_tokens: 81,
        input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
        output_tokens: 1035,
        output_tokens_details: { reasoning_tokens: 832 },
        total_tokens: 1116,
      },
    }),
    expected: {
      provider: "openai",
      model: "o1-2024-12-17",
      usage: { input: 81, output: 1035, reasoning: 832 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 63_315_000,
      working: "$15 in, $60 out: 81 x 15,000 + 1,035 x 60,000 = 1,215,000 + 62,100,000",
    },
  },
  {
    name: "response, with a search in the web",
    path: responses,
    request: { model: "gpt-5.4", tools: [{ type: "web_search_preview" }], input: "Good news?" },
    reply: response("gpt-5.4", {
      output: [
        {
          type: "web_search_call",
          id: "ws_67ccf18f64008190a39b619f4c8455ef087bb177ab789d5c",
          status: "completed",
        },
        message,
      ],
      usage: {
        input_tokens: 328,
        input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
        output_tokens: 356,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 684,
      },
    }),
    expected: {
      provider: "openai",
      model: "gpt-5.4",
      usage: { input: 328, output: 356, webSearches: 1 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 16_160_000,
      working:
        "$2.50 in, $15 out, $10 per thousand searches: 328 x 2,500 + 356 x 15,000 + 10,000,000",
    },
  },
  {
    name: "response, streamed",
    path: responses,
    request: { model: "gpt-5.4", input: "Hello!", stream: true },
    reply: typedSse(begun, delta, {
      type: "response.completed",
      response: response("gpt-5.4", { output: [message], usage: shortUsage }),
    }),
    expected: {
      provider: "openai",
      model: "gpt-5.4",
      usage: { input: 37, output: 11 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 257_500,
      working: "$2.50 in, $15 out: 37 x 2,500 + 11 x 15,000 = 92,500 + 165,000",
    },
  },
  {
    name: "response, streamed with tools, cached (after the reference): opened pages are no searches",
    path: responses,
    request: { model: "gpt-5.4", input: "Hello!", stream: true },
    reply: typedSse(begun, delta, {
      type: "response.completed",
      response: response("gpt-5.4", {
        output: [
          { type: "web_search_call", status: "completed", action: { type: "search" } },
          { type: "web_search_call", status: "completed", action: { type: "open_page" } },
          { type: "web_search_call", status: "completed", action: { type: "search" } },
          message,
        ],
        usage: {
          input_tokens: 1500,
          input_tokens_details: { cached_tokens: 1024 },
          output_tokens: 500,
          output_tokens_details: { reasoning_tokens: 300 },
          total_tokens: 2000,
        },
      }),
    }),
    expected: {
      provider: "openai",
      model: "gpt-5.4",
      usage: { input: 1500, output: 500, cached: 1024, reasoning: 300, webSearches: 2 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 28_946_000,
      working:
        "$2.50 in, $0.25 cached, $15 out, $10 per thousand searches: 476 x 2,500 + 1,024 x 250 + 500 x 15,000 + 20,000,000 = 1,190,000 + 256,000 + 7,500,000 + 20,000,000",
    },
  },
  {
    name: "response, streamed, too long to be kept whole: searches are told before (after the reference)",
    path: responses,
    request: { model: "gpt-5.4", input: "Hello!", stream: true },
    reply: typedSse(
      begun,
      { type: "response.output_item.added", item: { type: "web_search_call" } },
      {
        type: "response.output_item.done",
        item: { type: "web_search_call", status: "completed", action: { type: "search" } },
      },
      {
        type: "response.completed",
        response: response("gpt-5.4", { output: { length: 90 }, usage: shortUsage }),
      },
    ),
    expected: {
      provider: "openai",
      model: "gpt-5.4",
      usage: { input: 37, output: 11, webSearches: 1 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 10_257_500,
      working: "as the short one, and $10 per thousand searches: 92,500 + 165,000 + 10,000,000",
    },
  },
  {
    name: "response, streamed and cut short (after the reference)",
    path: responses,
    request: { model: "gpt-5.4", input: "Hello!", stream: true, max_output_tokens: 11 },
    reply: typedSse(begun, delta, {
      type: "response.incomplete",
      response: response("gpt-5.4", {
        status: "incomplete",
        incomplete_details: { reason: "max_output_tokens" },
        output: [message],
        usage: shortUsage,
      }),
    }),
    expected: {
      provider: "openai",
      model: "gpt-5.4",
      usage: { input: 37, output: 11 },
      isFinal: true,
    },
    handCalculation: { nanoUsd: 257_500, working: "as the whole one: 92,500 + 165,000" },
  },
  {
    name: "response, streamed and failed",
    path: responses,
    request: { model: "gpt-5.4", input: "Hello!", stream: true },
    reply: typedSse(begun, {
      type: "response.failed",
      response: response("gpt-5.4", {
        status: "failed",
        error: { code: "server_error", message: "The model failed to generate a response." },
        output: [],
        usage: null,
      }),
    }),
    expected: { provider: "openai", model: "gpt-5.4", usage: null, isFinal: false },
    handCalculation: null,
  },
  {
    name: "response, streamed and broken off",
    path: responses,
    request: { model: "gpt-5.4", input: "Hello!", stream: true },
    reply: typedSse(begun, delta, delta),
    expected: { provider: "openai", model: "gpt-5.4", usage: null, isFinal: false },
    handCalculation: null,
  },
];
