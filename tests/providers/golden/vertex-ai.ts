/**
 * Examples of Vertex AI's public documentation, as of 2026-11-21:
 * - Gemini: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference
 * - Claude: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude
 * - Mistral: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/mistral
 * - embeddings: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/embeddings/get-text-embeddings
 * - Imagen: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api
 * Streams' messages have Vertex's form (counts in the last alone); "after" marks counts that the page does not show.
 */
import type { GoldenCase } from "../golden.ts";

const project = "/v1/projects/my-project/locations/us-central1";
const google = `${project}/publishers/google/models`;
const anthropic = `${project}/publishers/anthropic/models/claude-sonnet-4-5@20250929`;
const request = { contents: [{ role: "user", parts: [{ text: "Hello" }] }] };
const message = { anthropic_version: "vertex-2023-10-16", max_tokens: 256, messages: [] };

const chunk = (words: string) => ({
  candidates: [{ content: { role: "model", parts: [{ text: words }] } }],
  usageMetadata: { trafficType: "ON_DEMAND" },
  modelVersion: "gemini-2.5-flash",
});

const chunks = [
  chunk("Hello!"),
  chunk(" How can I help you today"),
  {
    candidates: [{ content: { role: "model", parts: [{ text: "?" }] }, finishReason: "STOP" }],
    usageMetadata: {
      promptTokenCount: 1,
      candidatesTokenCount: 9,
      totalTokenCount: 10,
      trafficType: "ON_DEMAND",
      promptTokensDetails: [{ modality: "TEXT", tokenCount: 1 }],
      candidatesTokensDetails: [{ modality: "TEXT", tokenCount: 9 }],
    },
    modelVersion: "gemini-2.5-flash",
  },
];

const claudeStream = `event: vertex_event
data: {"type": "vertex_event"}

event: message_start
data: {"type":"message_start","message":{"model":"claude-sonnet-4-5-20250929","id":"msg_vrtx_01","type":"message","role":"assistant","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"cache_creation_input_tokens":0,"cache_read_input_tokens":1200,"output_tokens":1}}}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}

event: message_stop
data: {"type":"message_stop"}

`;

export const vertexAiCases: readonly GoldenCase[] = [
  {
    name: "Gemini, a stream as one JSON array (after the example of inference)",
    path: `${google}/gemini-2.5-flash:streamGenerateContent`,
    request,
    reply: chunks,
    form: "json-array",
    expected: {
      provider: "google",
      model: "gemini-2.5-flash",
      usage: { input: 1, output: 9 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 22_800,
      working: "gemini-2.5-flash: 1 × $0.30 + 9 × $2.50, per million",
    },
  },
  {
    name: "Gemini, a stream that broke off before its counts",
    path: `${google}/gemini-2.5-flash:streamGenerateContent`,
    request,
    reply: chunks.slice(0, 2),
    form: "json-array",
    expected: { provider: "google", model: "gemini-2.5-flash", usage: null, isFinal: false },
    handCalculation: null,
  },
  {
    name: "Claude, plain (after the example of use-claude)",
    path: `${anthropic}:rawPredict`,
    request: message,
    reply: {
      id: "msg_vrtx_01",
      type: "message",
      role: "assistant",
      model: "claude-sonnet-4-5-20250929",
      content: [{ type: "text", text: "Hello!" }],
      stop_reason: "end_turn",
      usage: { input_tokens: 12, output_tokens: 6 },
    },
    expected: {
      provider: "google",
      model: "claude-sonnet-4-5-20250929",
      usage: { input: 12, output: 6 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 126_000,
      working: "Google's claude-sonnet-4-5: 12 × $3 + 6 × $15, per million",
    },
  },
  {
    name: "Claude, a stream over a cache (after the example of use-claude)",
    path: `${anthropic}:streamRawPredict`,
    request: { ...message, stream: true },
    reply: claudeStream,
    expected: {
      provider: "google",
      model: "claude-sonnet-4-5-20250929",
      usage: { input: 1225, output: 15, cached: 1200 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 660_000,
      working: "Google's claude-sonnet-4-5: 25 × $3 + 1,200 × $0.30 + 15 × $15, per million",
    },
  },
  {
    name: "Mistral, plain (after the example of mistral; Google's catalogue has no price)",
    path: `${project}/publishers/mistralai/models/mistral-small-2503:rawPredict`,
    request: { model: "mistral-small-2503", messages: [{ role: "user", content: "Hello" }] },
    reply: {
      id: "e5cc70bb28c444948073e77776eb30ef",
      object: "chat.completion",
      model: "mistral-small-2503",
      choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 17, total_tokens: 295, completion_tokens: 278 },
    },
    expected: {
      provider: "google",
      model: "mistral-small-2503",
      usage: { input: 17, output: 278 },
      isFinal: true,
    },
    handCalculation: null,
  },
  {
    name: "a text embedded; its model's price is by the token",
    path: `${google}/gemini-embedding-001:predict`,
    request: { instances: [{ content: "hello world" }] },
    reply: {
      predictions: [
        {
          embeddings: {
            values: [0.010_562_753_304_839_134],
            statistics: { token_count: 4, truncated: false },
          },
        },
      ],
      metadata: { billableCharacterCount: 11 },
    },
    expected: { provider: "google", model: null, usage: { input: 4 }, isFinal: true },
    handCalculation: { nanoUsd: 600, working: "gemini-embedding-001: 4 × $0.15 per million" },
  },
  {
    name: "an image by Imagen (the catalogue has no price)",
    path: `${google}/imagen-4.0-generate-001:predict`,
    request: { instances: [{ prompt: "a cat" }], parameters: { sampleCount: 1 } },
    reply: { predictions: [{ mimeType: "image/png", bytesBase64Encoded: "iVBORw0KGgo=" }] },
    expected: { provider: "google", model: null, usage: { images: 1 }, isFinal: true },
    handCalculation: null,
  },
  {
    name: "an error",
    path: `${google}/gemini-2.5-flash:generateContent`,
    request,
    status: 403,
    reply: { error: { code: 403, message: "Permission denied.", status: "PERMISSION_DENIED" } },
    expected: { provider: null, model: null, usage: null, isFinal: false },
    handCalculation: null,
  },
];
