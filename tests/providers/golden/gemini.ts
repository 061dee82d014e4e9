/**
 * Examples of Google's public documentation, as of 2026-11-21:
 * - plain, with thoughts: https://firebase.google.com/docs/ai-logic/server-prompt-templates/get-started
 * - messages and their counts: https://ai.google.dev/api/generate-content
 * - a cache: https://ai.google.dev/gemini-api/docs/caching
 * - sound (32 tokens a second): https://ai.google.dev/gemini-api/docs/audio
 * - images (1,290 tokens each): https://ai.google.dev/gemini-api/docs/image-generation
 * - searches: https://ai.google.dev/gemini-api/docs/google-search
 * - interactions: https://ai.google.dev/gemini-api/docs/interactions
 * - errors: https://ai.google.dev/gemini-api/docs/troubleshooting
 * The documentation shows few streams with their counts: theirs are "after the example of" the page.
 */
import type { GoldenCase } from "../golden.ts";
import { geminiOtherCases } from "./gemini-others.ts";

const request = { contents: [{ role: "user", parts: [{ text: "Write an invoice." }] }] };
const flash = "/v1beta/models/gemini-2.5-flash";
const text = (count: number) => [{ modality: "TEXT", tokenCount: count }];
const saying = (words: string) => ({ parts: [{ text: words }], role: "model" });

const firstChunks = `data: {"candidates": [{"content": {"parts": [{"text": "Let's"}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": 14,"candidatesTokenCount": 5,"totalTokenCount": 175,"promptTokensDetails": [{"modality": "TEXT","tokenCount": 14}],"thoughtsTokenCount": 156},"modelVersion": "gemini-2.5-flash"}\r
\r
data: {"candidates": [{"content": {"parts": [{"text": " add"}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": 14,"candidatesTokenCount": 45,"totalTokenCount": 215,"promptTokensDetails": [{"modality": "TEXT","tokenCount": 14}],"thoughtsTokenCount": 156},"modelVersion": "gemini-2.5-flash"}\r
\r
`;
const lastChunk = `data: {"candidates": [{"content": {"parts": [{"text": "."}],"role": "model"},"finishReason": "STOP","index": 0}],"usageMetadata": {"promptTokenCount": 14,"candidatesTokenCount": 73,"totalTokenCount": 243,"promptTokensDetails": [{"modality": "TEXT","tokenCount": 14}],"thoughtsTokenCount": 156},"modelVersion": "gemini-2.5-flash"}\r
\r
`;
const failure = `data: {"error": {"code": 503,"message": "The model is overloaded. Please try again later.","status": "UNAVAILABLE"}}\r
\r
`;

const toolCalls = [
  {
    candidates: [{ content: saying("I will look."), index: 0 }],
    usageMetadata: { promptTokenCount: 60, candidatesTokenCount: 4, totalTokenCount: 64 },
    modelVersion: "gemini-2.5-flash",
  },
  {
    candidates: [
      {
        content: {
          parts: [{ functionCall: { name: "get_weather", args: { location: "London" } } }],
          role: "model",
        },
        finishReason: "STOP",
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: 60,
      candidatesTokenCount: 19,
      totalTokenCount: 79,
      promptTokensDetails: text(60),
    },
    modelVersion: "gemini-2.5-flash",
  },
];

const partial = {
  expected: {
    provider: "google",
    model: "gemini-2.5-flash",
    usage: { input: 14, output: 201, reasoning: 156 },
    isFinal: false,
  },
  handCalculation: {
    nanoUsd: 506_700,
    working: "14 × $0.30 + (45 + 156) × $2.50, per million: what was told",
  },
};

/** Rates: gemini-2.5-flash in $0.30, sound $1, out $2.50; the others in their workings. */
export const geminiCases: readonly GoldenCase[] = [
  {
    name: "a plain reply, with thoughts",
    path: "/v1beta/models/gemini-3-flash-preview:generateContent",
    request,
    reply: {
      candidates: [{ content: saying("**INVOICE**"), finishReason: "STOP", index: 0 }],
      usageMetadata: {
        promptTokenCount: 34,
        candidatesTokenCount: 418,
        totalTokenCount: 890,
        promptTokensDetails: text(34),
        thoughtsTokenCount: 438,
      },
      modelVersion: "gemini-3-flash-preview",
      responseId: "3w4Vad6yF-y1vdIP_q_zgAw",
    },
    expected: {
      provider: "google",
      model: "gemini-3-flash-preview",
      usage: { input: 34, output: 856, reasoning: 438 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 2_585_000,
      working: "gemini-3-flash-preview: 34 × $0.50 + (418 + 438) × $3, per million",
    },
  },
  {
    name: "a stream of events (after the example of generate-content)",
    path: `${flash}:streamGenerateContent`,
    request,
    reply: firstChunks + lastChunk,
    expected: {
      provider: "google",
      model: "gemini-2.5-flash",
      usage: { input: 14, output: 229, reasoning: 156 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 576_700,
      working: "14 × $0.30 + (73 + 156) × $2.50, per million",
    },
  },
  {
    name: "a stream with tools, as one JSON array (after the example of function calling)",
    path: `${flash}:streamGenerateContent`,
    request,
    reply: toolCalls,
    form: "json-array",
    expected: {
      provider: "google",
      model: "gemini-2.5-flash",
      usage: { input: 60, output: 19 },
      isFinal: true,
    },
    handCalculation: { nanoUsd: 65_500, working: "60 × $0.30 + 19 × $2.50, per million" },
  },
  {
    name: "a reply over a cache",
    path: "/v1beta/models/gemini-2.0-flash-001:generateContent",
    request: { ...request, cachedContent: "cachedContents/4wmkbsyx" },
    reply: {
      candidates: [{ content: saying("A film of ..."), finishReason: "STOP" }],
      usageMetadata: {
        promptTokenCount: 696_219,
        candidatesTokenCount: 214,
        totalTokenCount: 696_433,
        cachedContentTokenCount: 696_190,
      },
      modelVersion: "gemini-2.0-flash-001",
    },
    expected: {
      provider: "google",
      model: "gemini-2.0-flash-001",
      usage: { input: 696_219, output: 214, cached: 696_190 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 17_493_250,
      working: "gemini-2.0-flash: 29 × $0.10 + 696,190 × $0.025 + 214 × $0.40, per million",
    },
  },
  {
    name: "a minute of sound (after the example of audio)",
    path: `${flash}:generateContent`,
    request,
    reply: {
      candidates: [{ content: saying("A talk."), finishReason: "STOP", index: 0 }],
      usageMetadata: {
        promptTokenCount: 1929,
        candidatesTokenCount: 120,
        totalTokenCount: 2049,
        promptTokensDetails: [...text(9), { modality: "AUDIO", tokenCount: 1920 }],
      },
      modelVersion: "gemini-2.5-flash",
    },
    expected: {
      provider: "google",
      model: "gemini-2.5-flash",
      usage: { input: 1929, output: 120, audioInput: 1920 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 2_222_700,
      working: "9 × $0.30 + 1,920 × $1 + 120 × $2.50, per million",
    },
  },
  {
    name: "an image made (after the example of image generation)",
    path: "/v1beta/models/gemini-2.5-flash-image:generateContent",
    request,
    reply: {
      candidates: [
        {
          content: {
            role: "model",
            parts: [{ inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } }],
          },
          finishReason: "STOP",
          index: 0,
        },
      ],
      usageMetadata: {
        promptTokenCount: 8,
        candidatesTokenCount: 1290,
        totalTokenCount: 1298,
        promptTokensDetails: text(8),
        candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 1290 }],
      },
      modelVersion: "gemini-2.5-flash-image",
    },
    expected: {
      provider: "google",
      model: "gemini-2.5-flash-image",
      usage: { input: 8, output: 1290, imageOutput: 1290 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 38_702_400,
      working: "gemini-2.5-flash-image: 8 × $0.30 + 1,290 × $30, per million",
    },
  },
  {
    name: "a stream that broke off",
    path: `${flash}:streamGenerateContent`,
    request,
    reply: firstChunks,
    ...partial,
  },
  {
    name: "a stream that ends with an error",
    path: `${flash}:streamGenerateContent`,
    request,
    reply: firstChunks + failure,
    ...partial,
  },
  {
    name: "an error",
    path: `${flash}:generateContent`,
    request,
    status: 429,
    reply: {
      error: {
        code: 429,
        message: "Resource has been exhausted (e.g. check quota).",
        status: "RESOURCE_EXHAUSTED",
      },
    },
    expected: { provider: null, model: null, usage: null, isFinal: false },
    handCalculation: null,
  },
  ...geminiOtherCases,
];
