import type { GoldenCase } from "../golden.ts";
import { nothingTold } from "./openai-parts.ts";

/*
 * Replies as they stand, read on 2026-11-21, at https://docs.mistral.ai (studio-api: basic_ocr, annotations,
 * offline_transcription, speech); source: https://github.com/mistralai/platform-docs-public. Long texts are cut.
 */

const ocr = (model: string, pages_processed: number) => ({
  pages: [{ index: 0, markdown: "# Page", images: [], dimensions: { dpi: 200 } }],
  model,
  document_annotation: null,
  usage_info: { pages_processed, doc_size_bytes: 12640953 },
});
const document = { type: "document_url", document_url: "https://arxiv.org/pdf/2410.07073" };

/** Documents read, and audio. */
export const mistralMediaCases: readonly GoldenCase[] = [
  {
    name: "document, read",
    path: "/v1/ocr",
    request: { model: "mistral-ocr-2503", document },
    reply: { ...ocr("mistral-ocr-2503-completion", 29), usage_info: { pages_processed: 29 } },
    expected: {
      provider: "mistral",
      model: "mistral-ocr-2503-completion",
      usage: { pages: 29 },
      isFinal: true,
    },
    handCalculation: { nanoUsd: 29_000_000, working: "$1 per thousand pages: 29 x 1,000,000" },
  },
  {
    name: "document, read and annotated",
    path: "/v1/ocr",
    request: {
      model: "mistral-ocr-2505",
      document,
      bbox_annotation_format: null,
      document_annotation_format: { type: "json_schema" },
    },
    reply: ocr("mistral-ocr-2505-completion", 8),
    expected: {
      provider: "mistral",
      model: "mistral-ocr-2505-completion",
      usage: { pages: 8, annotatedPages: 8 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 24_000_000,
      working: "$3 per thousand annotated pages, instead of $1: 8 x 3,000,000",
    },
  },
  {
    name: "transcript: its seconds are charged, not its tokens",
    path: "/v1/audio/transcriptions",
    request: { model: "voxtral-mini-latest" },
    reply: {
      model: "voxtral-mini-latest",
      text: "This week, I traveled to Chicago",
      language: "en",
      segments: [],
      usage: {
        prompt_audio_seconds: 203,
        prompt_tokens: 4,
        total_tokens: 3264,
        completion_tokens: 635,
      },
    },
    expected: {
      provider: "mistral",
      model: "voxtral-mini-latest",
      usage: { seconds: 203 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 10_150_000,
      working: "$0.18 an hour is 50,000 a second: 203 x 50,000",
    },
  },
  {
    name: "an error",
    path: "/v1/ocr",
    request: { model: "mistral-ocr-2503", document },
    status: 422,
    reply: { object: "error", message: "Invalid document", type: "invalid_request_error" },
    expected: nothingTold,
    handCalculation: null,
  },
];
