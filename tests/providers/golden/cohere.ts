/**
 * Examples of Cohere's public API reference, as of 2026-11-21 (https://docs.cohere.com/reference/chat, …/chat-v1,
 * …/chat-stream, …/embed, …/rerank, …/errors; their source: `cohere-openapi.yaml` of
 * https://github.com/cohere-ai/cohere-developer-experience). Texts and vectors are cut short. The reply never names
 * the model.
 */
import type { GoldenCase } from "../golden.ts";

const model = "command-a-03-2025";
const v1 = { model, message: "hello!" };
const v2 = { model, messages: [{ role: "user", content: "Hello world!" }] };
const documents = [
  "Carson City is the capital city of the American state of Nevada.",
  "Washington, D.C. is the capital of the United States.",
];
const rerank = {
  model: "rerank-v4.0-pro",
  query: "What is the capital of the United States?",
  top_n: 3,
  documents,
};

const v1Stream = [
  { event_type: "stream-start", generation_id: "29f14a5a-11de-4cae-9800-25e4747408ea" },
  { event_type: "text-generation", text: "Hello" },
  { event_type: "text-generation", text: "!" },
  {
    event_type: "stream-end",
    response: {
      text: "Hello! How can I help you today?",
      generation_id: "29f14a5a-11de-4cae-9800-25e4747408ea",
      finish_reason: "COMPLETE",
      meta: {
        api_version: { version: "1" },
        billed_units: { input_tokens: 3, output_tokens: 9 },
        tokens: { input_tokens: 69, output_tokens: 9 },
      },
    },
    finish_reason: "COMPLETE",
  },
];

const v2Start = `event: message-start
data: {"type":"message-start","id":"29f14a5a-11de-4cae-9800-25e4747408ea","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}}

event: content-start
data: {"type":"content-start","index":0,"delta":{"message":{"content":{"type":"text","text":""}}}}

event: content-delta
data: {"type":"content-delta","index":0,"delta":{"message":{"content":{"text":" language"}}}}

`;

const v2End = `event: content-end
data: {"type":"content-end","index":0}

event: message-end
data: {"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":5,"output_tokens":26},"tokens":{"input_tokens":71,"output_tokens":26}}}}

`;

const v2Tools = `event: tool-plan-delta
data: {"type":"tool-plan-delta","delta":{"message":{"tool_plan":" Electronics"}}}

event: tool-call-start
data: {"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"query_daily_sales_report_j3f0adww9pmr","type":"function","function":{"name":"query_daily_sales_report","arguments":""}}}}}

event: tool-call-delta
data: {"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"{\\""}}}}}

event: tool-call-end
data: {"type":"tool-call-end","index":1}

event: message-end
data: {"type":"message-end","delta":{"finish_reason":"TOOL_CALL","usage":{"billed_units":{"input_tokens":126,"output_tokens":84},"tokens":{"input_tokens":1589,"output_tokens":135}}}}

`;

const nothing = { provider: null, model: null, usage: null, isFinal: false };

/** Rates: command-a in $2.50, out $10; embed-v4.0 $0.12. */
export const cohereCases: readonly GoldenCase[] = [
  {
    name: "a plain chat, v1",
    path: "/v1/chat",
    request: v1,
    reply: {
      response_id: "0385c7cf-4247-43a3-a450-b25b547a31e1",
      text: "Large Language Models ...",
      finish_reason: "COMPLETE",
      meta: {
        api_version: { version: "1" },
        billed_units: { input_tokens: 5, output_tokens: 198 },
        tokens: { input_tokens: 71, output_tokens: 198 },
      },
    },
    expected: { provider: "cohere", model: null, usage: { input: 5, output: 198 }, isFinal: true },
    handCalculation: { nanoUsd: 1_992_500, working: "5 × $2.50 + 198 × $10, per million" },
  },
  {
    name: "a stream, v1 (a line of JSON for each message)",
    path: "/v1/chat",
    request: { ...v1, stream: true },
    reply: v1Stream,
    form: "ndjson",
    expected: { provider: "cohere", model: null, usage: { input: 3, output: 9 }, isFinal: true },
    handCalculation: { nanoUsd: 97_500, working: "3 × $2.50 + 9 × $10, per million" },
  },
  {
    name: "a plain chat, v2",
    path: "/v2/chat",
    request: v2,
    reply: {
      id: "5a50480a-cf52-46f0-af01-53d18539bd31",
      message: { role: "assistant", content: [{ type: "text", text: "LLMs ..." }] },
      finish_reason: "COMPLETE",
      usage: {
        billed_units: { input_tokens: 5, output_tokens: 418 },
        tokens: { input_tokens: 71, output_tokens: 418 },
      },
    },
    expected: { provider: "cohere", model: null, usage: { input: 5, output: 418 }, isFinal: true },
    handCalculation: { nanoUsd: 4_192_500, working: "5 × $2.50 + 418 × $10, per million" },
  },
  {
    name: "a stream, v2",
    path: "/v2/chat",
    request: { ...v2, stream: true },
    reply: v2Start + v2End,
    expected: { provider: "cohere", model: null, usage: { input: 5, output: 26 }, isFinal: true },
    handCalculation: { nanoUsd: 272_500, working: "5 × $2.50 + 26 × $10, per million" },
  },
  {
    name: "a stream with tools, v2",
    path: "/v2/chat",
    request: { ...v2, stream: true },
    reply: v2Tools,
    expected: { provider: "cohere", model: null, usage: { input: 126, output: 84 }, isFinal: true },
    handCalculation: { nanoUsd: 1_155_000, working: "126 × $2.50 + 84 × $10, per million" },
  },
  {
    name: "a stream that broke off",
    path: "/v2/chat",
    request: { ...v2, stream: true },
    reply: v2Start,
    expected: nothing,
    handCalculation: null,
  },
  {
    name: "texts embedded",
    path: "/v2/embed",
    request: { model: "embed-v4.0", input_type: "classification", texts: ["hello", "goodbye"] },
    reply: {
      id: "da6e531f-54c5-4a73-bf92-f60566d8d753",
      embeddings: { float: [[0.016_296_387], [0.026_519_775]] },
      texts: ["hello", "goodbye"],
      meta: { api_version: { version: "2" }, billed_units: { input_tokens: 2 } },
    },
    expected: { provider: "cohere", model: null, usage: { input: 2 }, isFinal: true },
    handCalculation: { nanoUsd: 240, working: "2 × $0.12 per million" },
  },
  {
    name: "an image embedded, which has no price by the image",
    path: "/v2/embed",
    request: { model: "embed-v4.0", input_type: "image", images: ["data:image/png;base64,aGk="] },
    reply: {
      id: "5807ee2e-0cda-445a-9ec8-864c60a06606",
      embeddings: { float: [[-0.007_247_925]] },
      meta: { api_version: { version: "2" }, billed_units: { images: 1 } },
    },
    expected: { provider: "cohere", model: null, usage: { images: 1 }, isFinal: true },
    handCalculation: null,
  },
  {
    name: "a rerank, v1 (the catalogue has no price; the gateway's own list has one)",
    path: "/v1/rerank",
    request: rerank,
    reply: {
      id: "8bc745a3-7871-4597-822e-18c95d5df48c",
      results: [{ index: 3, relevance_score: 0.999_071 }],
      meta: { api_version: { version: "1" }, billed_units: { search_units: 1 } },
    },
    expected: { provider: "cohere", model: null, usage: { searchUnits: 1 }, isFinal: true },
    handCalculation: { nanoUsd: 2_500_000, working: "rerank-v4.0-pro: 1 × $2.50 per thousand" },
  },
  {
    name: "a rerank, v2",
    path: "/v2/rerank",
    request: rerank,
    reply: {
      id: "07734bd2-2473-4f07-94e1-0d9f0e6843cf",
      results: [{ index: 3, relevance_score: 0.999_071 }],
      meta: {
        api_version: { version: "2", is_experimental: false },
        billed_units: { search_units: 1 },
      },
    },
    expected: { provider: "cohere", model: null, usage: { searchUnits: 1 }, isFinal: true },
    handCalculation: { nanoUsd: 2_500_000, working: "rerank-v4.0-pro: 1 × $2.50 per thousand" },
  },
  {
    name: "an error",
    path: "/v2/chat",
    request: v2,
    status: 401,
    reply: { id: "86886163-b3f3-4e36-8554-60eca7696216", message: "invalid api token" },
    expected: nothing,
    handCalculation: null,
  },
];
