import { mostOf, type Usage } from "../core/usage.ts";
import { type Counts, field, listField, sumOf, usageOf } from "./fields.ts";
import { tokenUsage } from "./openai-usage.ts";

/** The usage of Converse, of Nova too: `inputTokens` are without those read from a cache or written to it. */
export function converseUsage(usage: unknown, counts: Counts): Usage | null {
  const told = (...names: readonly string[]) =>
    counts.count(names.map((name) => field(usage, name)).find((found) => found !== undefined));
  const uncached = told("inputTokens");
  const cached = told("cacheReadInputTokens", "cacheReadInputTokenCount");
  const cacheWrite = told("cacheWriteInputTokens", "cacheWriteInputTokenCount");
  return usageOf({
    input: uncached === undefined ? undefined : sumOf(uncached, cached, cacheWrite),
    output: told("outputTokens"),
    cached,
    cacheWrite,
    cacheWrite1h: longCached(usage, counts),
  });
}

function longCached(usage: unknown, counts: Counts): number | undefined {
  const details = listField(usage, "cacheDetails").filter(
    (detail) => field(detail, "ttl") === "1h",
  );
  return sumOf(...details.map((detail) => counts.count(field(detail, "inputTokens"))));
}

/** What Bedrock itself adds to a stream's last message, whatever the model. */
export function metricsUsage(message: unknown, counts: Counts): Usage | null {
  const told = (name: string) =>
    counts.count(field(message, "amazon-bedrock-invocationMetrics", name));
  const uncached = told("inputTokenCount");
  const cached = told("cacheReadInputTokenCount");
  const cacheWrite = told("cacheWriteInputTokenCount");
  return usageOf({
    input: uncached === undefined ? undefined : sumOf(uncached, cached, cacheWrite),
    output: told("outputTokenCount"),
    cached,
    cacheWrite,
  });
}

/**
 * The bodies of `invoke` by family, Anthropic's apart: Nova, Mistral and others of OpenAI's kind, Llama, Titan (a
 * stream's counts are cumulative), and images, which nobody counts.
 */
export function familyUsage(message: unknown, counts: Counts): Usage | null {
  const count = (name: string) => counts.count(field(message, name));
  const nova = field(message, "usage") ?? field(message, "metadata", "usage");
  const results = listField(message, "results").map((one) =>
    counts.count(field(one, "tokenCount")),
  );
  const told = [
    converseUsage(nova, counts),
    isOpenAiLike(nova) ? tokenUsage(nova, counts) : null,
    usageOf({ input: count("prompt_token_count"), output: count("generation_token_count") }),
    usageOf({
      input: count("inputTextTokenCount"),
      output: count("totalOutputTextTokenCount") ?? sumOf(...results),
    }),
    imagesIn(message),
  ].filter((usage) => usage !== null);
  return told.length === 0 ? null : told.reduce(mostOf);
}

function isOpenAiLike(usage: unknown): boolean {
  return field(usage, "prompt_tokens") !== undefined;
}

function imagesIn(message: unknown): Usage | null {
  const images = listField(message, "images").filter((image) => typeof image === "string").length;
  return images === 0 ? null : { images };
}
