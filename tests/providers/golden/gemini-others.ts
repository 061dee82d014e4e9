/** More of Google's examples, see `gemini.ts` for their pages; of 2026-11-21. */
import type { GoldenCase } from "../golden.ts";

const request = { contents: [{ role: "user", parts: [{ text: "Who won the euro 2024?" }] }] };

const interaction = {
  id: "v1_ChdPU0F4YWFtNkFwS2kxZThQZ05lbXdROBIX",
  model: "gemini-3.5-flash",
  usage: {
    total_input_tokens: 9,
    total_output_tokens: 779,
    total_thought_tokens: 912,
    total_tokens: 1700,
  },
};

const interactionCost = {
  expected: {
    provider: "google",
    model: "gemini-3.5-flash",
    usage: { input: 9, output: 1691, reasoning: 912 },
    isFinal: true,
    once: interaction.id,
  },
  handCalculation: {
    nanoUsd: 15_232_500,
    working: "gemini-3.5-flash: 9 × $1.50 + (779 + 912) × $9, per million",
  },
};

const interactionStream = `event: interaction.created
data: {"event_type": "interaction.created", "interaction": {"id": "${interaction.id}", "model": "gemini-3.5-flash", "status": "in_progress"}}

event: step.delta
data: {"event_type": "step.delta", "index": 0, "delta": {"type": "text", "text": "Hello!"}}

event: interaction.completed
data: ${JSON.stringify({ event_type: "interaction.completed", interaction: { ...interaction, status: "completed" } })}

`;

/** Grounded replies: the page's queries, with counts after the example of generate-content. */
const grounded = (modelVersion: string, webSearchQueries: readonly string[]) => ({
  candidates: [
    {
      content: { parts: [{ text: "Spain won Euro 2024." }], role: "model" },
      finishReason: "STOP",
      groundingMetadata: { webSearchQueries, groundingChunks: [] },
    },
  ],
  usageMetadata: {
    promptTokenCount: 9,
    candidatesTokenCount: 30,
    totalTokenCount: 139,
    toolUsePromptTokenCount: 100,
    toolUsePromptTokensDetails: [{ modality: "TEXT", tokenCount: 100 }],
  },
  modelVersion,
});

export const geminiOtherCases: readonly GoldenCase[] = [
  {
    name: "a grounded reply, billed by the prompt (the catalogue has no price of searches)",
    path: "/v1beta/models/gemini-2.5-flash:generateContent",
    request,
    reply: grounded("gemini-2.5-flash", ["UEFA Euro 2024 winner", "who won euro 2024"]),
    expected: {
      provider: "google",
      model: "gemini-2.5-flash",
      usage: { input: 109, output: 30, webSearches: 1 },
      isFinal: true,
    },
    handCalculation: null,
  },
  {
    name: "a grounded reply, billed by the query (the catalogue has no price of searches)",
    path: "/v1beta/models/gemini-3-flash-preview:generateContent",
    request,
    reply: grounded("gemini-3-flash-preview", [
      "",
      "UEFA Euro 2024 winner",
      "",
      "who won euro 2024",
    ]),
    expected: {
      provider: "google",
      model: "gemini-3-flash-preview",
      usage: { input: 109, output: 30, webSearches: 2 },
      isFinal: true,
    },
    handCalculation: null,
  },
  {
    name: "a prompt that was refused (after the example of generate-content)",
    path: "/v1beta/models/gemini-2.5-flash:generateContent",
    request,
    reply: {
      promptFeedback: { blockReason: "PROHIBITED_CONTENT" },
      usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 },
      modelVersion: "gemini-2.5-flash",
    },
    expected: {
      provider: "google",
      model: "gemini-2.5-flash",
      usage: { input: 9 },
      isFinal: true,
    },
    handCalculation: { nanoUsd: 2700, working: "gemini-2.5-flash: 9 × $0.30 per million" },
  },
  {
    name: "an interaction",
    path: "/v1beta/interactions",
    request: { model: "gemini-3.5-flash", input: "Hello! Explain how an API works." },
    reply: { ...interaction, status: "completed", steps: [] },
    ...interactionCost,
  },
  {
    name: "an interaction read again",
    method: "GET",
    path: `/v1beta/interactions/${interaction.id}`,
    request: undefined,
    reply: { ...interaction, status: "completed", steps: [] },
    ...interactionCost,
  },
  {
    name: "an interaction as a stream",
    path: "/v1beta/interactions",
    request: { model: "gemini-3.5-flash", input: "Hello!", stream: true },
    reply: interactionStream,
    ...interactionCost,
  },
  {
    name: "a text embedded (after the example of embeddings, which shows no counts)",
    path: "/v1beta/models/gemini-embedding-001:embedContent",
    request: { model: "models/gemini-embedding-001", content: { parts: [{ text: "Hello" }] } },
    reply: { embedding: { values: [0.0131] }, usageMetadata: { promptTokenCount: 6 } },
    expected: { provider: "google", model: null, usage: { input: 6 }, isFinal: true },
    handCalculation: { nanoUsd: 900, working: "gemini-embedding-001: 6 × $0.15 per million" },
  },
  {
    name: "a text embedded without counts",
    path: "/v1beta/models/gemini-embedding-001:embedContent",
    request: { content: { parts: [{ text: "What is the meaning of life?" }] } },
    reply: { embedding: { values: [0.0131] } },
    expected: { provider: null, model: null, usage: null, isFinal: false },
    handCalculation: null,
  },
  {
    name: "images by Imagen, one held back (the catalogue has no price)",
    path: "/v1beta/models/imagen-4.0-generate-001:predict",
    request: { instances: [{ prompt: "A robot" }], parameters: { sampleCount: 3 } },
    reply: {
      predictions: [
        { mimeType: "image/png", bytesBase64Encoded: "iVBORw0KGgo=" },
        { mimeType: "image/png", bytesBase64Encoded: "iVBORw0KGgo=" },
        { raiFilteredReason: "Unable to show generated images." },
      ],
    },
    expected: { provider: "google", model: null, usage: { images: 2 }, isFinal: true },
    handCalculation: null,
  },
  {
    name: "a chat in OpenAI's format (after the example of OpenAI compatibility)",
    path: "/v1beta/openai/chat/completions",
    request: { model: "gemini-2.5-flash", messages: [{ role: "user", content: "Hello" }] },
    reply: {
      id: "chatcmpl-123",
      object: "chat.completion",
      model: "gemini-2.5-flash",
      choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 11, completion_tokens: 73, total_tokens: 84 },
    },
    expected: {
      provider: "google",
      model: "gemini-2.5-flash",
      usage: { input: 11, output: 73 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 185_800,
      working: "gemini-2.5-flash: 11 × $0.30 + 73 × $2.50, per million",
    },
  },
];
