import type { Folded, MeteredCall, UsageFold } from "../core/metering.ts";
import type { Usage } from "../core/usage.ts";
import { field, readCounts, textField, usageOf } from "./fields.ts";
import type { HostedFormat } from "./hosted-format.ts";
import { countsOpenAiTokens, foldOpenAi } from "./openai-calls.ts";
import { foldTokens } from "./openai-tokens.ts";

/**
 * Mistral: https://docs.mistral.ai/api. Chat, completion in the middle, agents and embeddings count as OpenAI's do;
 * reading of documents counts pages.
 */
export const mistral: HostedFormat = {
  id: "mistral",
  serves: (host) => host === "api.mistral.ai" || host === "codestral.mistral.ai",
  fold(call) {
    if (call.method === "POST" && isOcr(call.path)) return foldOcr(call);
    if (call.method === "POST" && answersInTokens(call.path)) return foldTokens("mistral");
    if (call.method === "POST" && isAgentEntity(call.path)) return "free";
    return foldOpenAi("mistral", call);
  },
  modelOfPath: () => null,
  countsTokens: (call) =>
    (call.method === "POST" && answersInTokens(call.path)) || countsOpenAiTokens(call),
};

function isOcr(path: string): boolean {
  return /\/ocr\/?$/.test(path);
}

/** Conversations with agents, from their start on, and moderation, which is not for nothing here. */
function answersInTokens(path: string): boolean {
  return /\/(conversations(\/[^/]+(\/restart)?)?|moderations|classifications)\/?$/.test(path);
}

/** Agents as things: made and changed for nothing. Those that answer do so at `/agents/completions`. */
function isAgentEntity(path: string): boolean {
  return /\/(agents(\/(?!completions\/?$)[^/]+)?|libraries(\/[^/]+(\/(documents|share)(\/[^/]+(\/reprocess)?)?)?)?)\/?$/.test(
    path,
  );
}

/** Annotations are asked for by naming their format, and paid by the page. */
const annotations = ["document_annotation_format", "bbox_annotation_format"];

function foldOcr(call: MeteredCall): UsageFold {
  const counts = readCounts();
  let model: string | null = null;
  let usage: Usage | null = null;
  return {
    markers: ['"pages_processed"'],
    add(message) {
      model = textField(message, "model") ?? model;
      const pages = counts.count(field(message, "usage_info", "pages_processed"));
      if (pages === undefined) return;
      usage = usageOf({ pages, annotatedPages: isAnnotated(call.body()) ? pages : undefined });
    },
    result(): Folded {
      const isFinal = usage !== null;
      const { isInvalid } = counts;
      return {
        provider: isFinal ? "mistral" : null,
        model,
        usage,
        isFinal,
        isInvalid,
        once: null,
      };
    },
  };
}

function isAnnotated(request: unknown): boolean {
  return annotations.some((name) => (field(request, name) ?? null) !== null);
}
