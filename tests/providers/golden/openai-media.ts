import { type GoldenCase, sse, typedSse } from "../golden.ts";

/*
 * Replies as they stand, read on 2026-11-21, at https://platform.openai.com/docs/api-reference/images and …/audio (source:
 * https://github.com/openai/openai-openapi, openapi.yaml); "after": the form is that page's, the counts are ours. These
 * replies name no model: the request does.
 */

const imageUsage = {
  total_tokens: 100,
  input_tokens: 50,
  output_tokens: 50,
  input_tokens_details: { text_tokens: 10, image_tokens: 40 },
};
const imageTokens = { input: 50, output: 50, imageInput: 40, imageOutput: 50 };
const imagePrice = {
  nanoUsd: 2_450_000,
  working:
    "gpt-image-1: $5 in, $10 image in, $40 out: 10 x 5,000 + 40 x 10,000 + 50 x 40,000 = 50,000 + 400,000 + 2,000,000",
};

const images: readonly GoldenCase[] = [
  {
    name: "image, told in tokens",
    path: "/v1/images/generations",
    request: { model: "gpt-image-1", prompt: "A cute baby sea otter" },
    reply: { created: 1713833628, data: [{ b64_json: "..." }], usage: imageUsage },
    expected: { provider: "openai", model: null, usage: imageTokens, isFinal: true },
    handCalculation: imagePrice,
  },
  {
    name: "image, streamed",
    path: "/v1/images/generations",
    request: { model: "gpt-image-1", prompt: "A cute baby sea otter", stream: true },
    reply: typedSse(
      { type: "image_generation.partial_image", b64_json: "...", partial_image_index: 0 },
      { type: "image_generation.completed", b64_json: "...", usage: imageUsage },
    ),
    expected: { provider: "openai", model: null, usage: imageTokens, isFinal: true },
    handCalculation: imagePrice,
  },
  {
    name: "image, its output told apart (after the reference)",
    path: "/v1/images/edits",
    request: { model: "gpt-image-1.5", prompt: "A hat" },
    reply: {
      created: 1713833628,
      data: [{ b64_json: "..." }],
      usage: { ...imageUsage, output_tokens_details: { text_tokens: 8, image_tokens: 42 } },
    },
    expected: {
      provider: "openai",
      model: null,
      usage: { input: 50, output: 50, imageInput: 40, imageOutput: 42 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 1_794_000,
      working:
        "$5 in, $8 image in, $10 out, $32 image out: 10 x 5,000 + 40 x 8,000 + 8 x 10,000 + 42 x 32,000 = 50,000 + 320,000 + 80,000 + 1,344,000",
    },
  },
  {
    name: "images, counted (after the reference)",
    path: "/v1/images/generations",
    request: { model: "dall-e-2", prompt: "A cute baby sea otter", n: 2 },
    reply: { created: 1589478378, data: [{ url: "https://..." }, { url: "https://..." }] },
    expected: { provider: "openai", model: null, usage: { images: 2 }, isFinal: true },
    handCalculation: null,
  },
];

const audio: readonly GoldenCase[] = [
  {
    name: "transcript, told in tokens",
    path: "/v1/audio/transcriptions",
    request: { model: "gpt-4o-transcribe" },
    reply: {
      text: "Imagine the wildest idea that you've ever had.",
      usage: {
        type: "tokens",
        input_tokens: 14,
        input_token_details: { text_tokens: 0, audio_tokens: 14 },
        output_tokens: 45,
        total_tokens: 59,
      },
    },
    expected: {
      provider: "openai",
      model: null,
      usage: { input: 14, output: 45, audioInput: 14 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 534_000,
      working: "$6 audio in, $10 out: 14 x 6,000 + 45 x 10,000 = 84,000 + 450,000",
    },
  },
  {
    name: "transcript, streamed (after the reference)",
    path: "/v1/audio/transcriptions",
    request: { model: "gpt-4o-mini-transcribe", stream: "true" },
    reply: sse(
      { type: "transcript.text.delta", delta: "I", logprobs: [] },
      { type: "transcript.text.delta", delta: " see skies of blue", logprobs: [] },
      {
        type: "transcript.text.done",
        text: "I see skies of blue",
        usage: {
          type: "tokens",
          input_tokens: 14,
          input_token_details: { text_tokens: 0, audio_tokens: 14 },
          output_tokens: 45,
          total_tokens: 59,
        },
      },
    ),
    expected: {
      provider: "openai",
      model: null,
      usage: { input: 14, output: 45, audioInput: 14 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 267_000,
      working: "$3 audio in, $5 out: 14 x 3,000 + 45 x 5,000 = 42,000 + 225,000",
    },
  },
  {
    name: "transcript, told in seconds",
    path: "/v1/audio/transcriptions",
    request: { model: "whisper-1", response_format: "verbose_json" },
    reply: {
      task: "transcribe",
      language: "english",
      duration: 8.470000267028809,
      text: "The beach was a popular spot on a hot summer day.",
      usage: { type: "duration", seconds: 9 },
    },
    expected: { provider: "openai", model: null, usage: { seconds: 9 }, isFinal: true },
    handCalculation: {
      nanoUsd: 900_000,
      working: "$0.36 an hour is 100,000 a second: 9 x 100,000",
    },
  },
  {
    name: "translation whose duration alone is told (after the reference)",
    path: "/v1/audio/translations",
    request: { model: "whisper-1", response_format: "verbose_json" },
    reply: {
      task: "translate",
      language: "german",
      duration: 8.5,
      text: "Hello, my name is Wolfgang and I come from Germany.",
    },
    expected: { provider: "openai", model: null, usage: { seconds: 8.5 }, isFinal: true },
    handCalculation: { nanoUsd: 850_000, working: "$0.36 an hour: 8.5 x 100,000" },
  },
  {
    name: "speech, counted in what was sent",
    path: "/v1/audio/speech",
    request: {
      model: "tts-1",
      input: "The quick brown fox jumped over the lazy dog.",
      voice: "alloy",
    },
    reply: "ID3 and what else an MP3 holds",
    form: "bytes",
    expected: { provider: "openai", model: null, usage: { characters: 45 }, isFinal: true },
    handCalculation: {
      nanoUsd: 675_000,
      working: "$15 per million characters, by OpenAI's page of tts-1: 45 x 15,000",
    },
  },
  {
    name: "speech, wanted as events, answered as sound",
    path: "/v1/audio/speech",
    request: { model: "tts-1", input: "The quick brown fox", stream: true, stream_format: "sse" },
    reply: "ID3 and what else an MP3 holds",
    form: "bytes",
    expected: { provider: "openai", model: null, usage: { characters: 19 }, isFinal: false },
    handCalculation: { nanoUsd: 285_000, working: "19 x 15,000" },
  },
  {
    name: "speech, streamed as events",
    path: "/v1/audio/speech",
    request: { model: "gpt-4o-mini-tts", input: "The quick brown fox", stream_format: "sse" },
    reply: typedSse(
      { type: "speech.audio.delta", audio: "base64-encoded-audio-data" },
      {
        type: "speech.audio.done",
        usage: { input_tokens: 14, output_tokens: 101, total_tokens: 115 },
      },
    ),
    expected: {
      provider: "openai",
      model: null,
      usage: { input: 14, output: 101 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 1_220_400,
      working: "$0.60 in, $12 out: 14 x 600 + 101 x 12,000 = 8,400 + 1,212,000",
    },
  },
];

/** Images, transcripts and speech. */
export const openAiMediaCases: readonly GoldenCase[] = [...images, ...audio];
