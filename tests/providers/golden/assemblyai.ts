import type { GoldenCase } from "../golden.ts";
import { nothingTold } from "./openai-parts.ts";

/*
 * Read on 2026-11-21: https://www.assemblyai.com/docs/api-reference/transcripts/get and …/llm-gateway/chat-completions
 * (source: https://github.com/AssemblyAI/assemblyai-api-spec, openapi.yml and llm-gateway.yml). "After": the form is
 * that page's, the model or the counts are ours. The catalogue has no prices of theirs; https://www.assemblyai.com/pricing
 * has.
 */

const id = "9ea68fd3-f953-42c1-9742-976c447fb463";
const transcript = {
  id,
  speech_model: null,
  language_model: "assemblyai_default",
  acoustic_model: "assemblyai_default",
  language_code: "en_us",
  status: "completed",
  audio_url: "https://assembly.ai/wildfires.mp3",
  text: "Smoke from hundreds of wildfires in Canada is triggering air quality alerts",
  confidence: 0.9404651451800253,
  audio_duration: 281,
};
const polled = { method: "GET", path: `/v2/transcript/${id}`, request: undefined };

/** Exchanges with AssemblyAI. */
export const assemblyAiCases: readonly GoldenCase[] = [
  {
    ...polled,
    name: "transcript, done",
    reply: transcript,
    expected: {
      provider: "assemblyai",
      model: null,
      usage: { seconds: 281 },
      isFinal: true,
      once: `assemblyai:${id}`,
    },
    handCalculation: null,
  },
  {
    ...polled,
    name: "transcript, done, its model told (after the reference)",
    reply: {
      ...transcript,
      speech_models: ["universal-3-pro", "universal-2"],
      speech_model_used: "universal-2",
    },
    expected: {
      provider: "assemblyai",
      model: "universal-2",
      usage: { seconds: 281 },
      isFinal: true,
      once: `assemblyai:${id}`,
    },
    handCalculation: {
      nanoUsd: 11_708_333,
      working: "$0.15 an hour, by their page of prices: 281 x 150,000,000 / 3,600 = 11,708,333.3",
    },
  },
  ...["sentences", "paragraphs"].map((part) => ({
    method: "GET",
    path: `/v2/transcript/${id}/${part}`,
    request: undefined,
    name: `transcript, its ${part} (after the reference)`,
    reply: { [part]: [{ text: transcript.text }], id, confidence: 0.94, audio_duration: 281 },
    expected: {
      provider: "assemblyai",
      model: null,
      usage: { seconds: 281 },
      isFinal: true,
      once: `assemblyai:${id}`,
    },
    handCalculation: null,
  })),
  {
    ...polled,
    name: "transcript, not done",
    reply: { ...transcript, status: "processing", text: null, audio_duration: null },
    expected: nothingTold,
    handCalculation: null,
  },
  {
    ...polled,
    name: "transcript, failed: not charged, however long the audio (after the reference)",
    reply: {
      ...transcript,
      status: "error",
      error: "Download error, unable to download the audio.",
      audio_duration: 281,
    },
    expected: nothingTold,
    handCalculation: null,
  },
  {
    name: "LLM gateway (after the reference)",
    path: "/v1/chat/completions",
    request: { model: "claude-sonnet-4-6", messages: [{ role: "user", content: "Hello" }] },
    reply: {
      request_id: "0a1b2c3d-1111-4222-8333-abcdefabcdef",
      choices: [{ message: { role: "assistant", content: "Paris." }, finish_reason: "stop" }],
      request: { model: "claude-sonnet-4-6", max_tokens: 1000 },
      usage: { input_tokens: 14, output_tokens: 10, total_tokens: 24 },
      http_status_code: 200,
      response_time: 275510459,
      llm_status_code: 200,
    },
    expected: {
      provider: "assemblyai",
      model: "claude-sonnet-4-6",
      usage: { input: 14, output: 10 },
      isFinal: true,
    },
    handCalculation: null,
  },
];
