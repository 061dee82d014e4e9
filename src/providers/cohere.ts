import type { UsageFold } from "../core/metering.ts";
import type { Usage } from "../core/usage.ts";
import { type Counts, field, sumOf, usageOf } from "./fields.ts";
import type { HostedFormat } from "./hosted-format.ts";
import { lastTold } from "./last-told.ts";
import { countsOpenAiTokens, foldOpenAi } from "./openai-calls.ts";

const openAiPath = /\/compatibility\/v1\//;
const tokens = /\/(?:chat|generate|summarize|embed)\/?$/;
const others = /\/(?:rerank|parse)\/?$/;
/** Jobs cost what their texts cost, later. */
const costsNothing =
  /\/(?:tokenize|detokenize|check-api-key|embed-jobs(?:\/[^/]+\/cancel)?|datasets|connectors(?:\/[^/]+){0,3})\/?$/;

/** Cohere, v1 and v2: https://docs.cohere.com/reference. The request alone names the model. */
export const cohere: HostedFormat = {
  id: "cohere",
  serves: (host) => /(?:^|\.)cohere\.(?:com|ai)$/.test(host),
  fold(call) {
    const { method, path } = call;
    if (openAiPath.test(path)) return foldOpenAi("cohere", call);
    if (method !== "POST") return "free";
    if (tokens.test(path) || others.test(path)) return cohereFold("cohere");
    return costsNothing.test(path) ? "free" : null;
  },
  modelOfPath: () => null,
  countsTokens: (call) =>
    openAiPath.test(call.path)
      ? countsOpenAiTokens(call)
      : call.method === "POST" && tokens.test(call.path),
};

const markers = ['"billed_units"', '"tokens"'];

/** What was billed, told once: in a plain reply, or in the message that ends a stream (`message-end`, `stream-end`). */
export function cohereFold(provider: string): UsageFold {
  return lastTold(provider, markers, (message, counts) => {
    const told =
      field(message, "usage") ??
      field(message, "delta", "usage") ??
      field(message, "meta") ??
      field(message, "response", "meta");
    return billedIn(told, counts);
  });
}

/** Tokens that were billed are fewer than those that were read: Cohere's own templates are free. */
function billedIn(told: unknown, counts: Counts): Usage | null {
  const billed = (name: string) => counts.count(field(told, "billed_units", name));
  const imageInput = billed("image_tokens");
  const usage = usageOf({
    input: sumOf(billed("input_tokens"), imageInput),
    output: billed("output_tokens"),
    imageInput,
    images: billed("images"),
    searchUnits: billed("search_units"),
    pages: billed("pages"),
  });
  if (usage !== null) return usage;
  return usageOf({
    input: counts.count(field(told, "tokens", "input_tokens")),
    output: counts.count(field(told, "tokens", "output_tokens")),
  });
}
