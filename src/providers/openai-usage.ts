import type { Usage } from "../core/usage.ts";
import { type Counts, field, listField, sumOf, textField, usageOf } from "./fields.ts";

/** Where an upstream's counts differ from OpenAI's. */
export interface Dialect {
  /**
   * Perplexity's: each call is a request that costs; deep research charges its searches and its citations, and its
   * reasoning beside the completion.
   */
  readonly isPerplexity?: boolean;
}

/**
 * Tokens as OpenAI counts them, and those who follow it: `prompt_tokens` of chat, `input_tokens` of responses, images
 * and transcripts, their parts in `…_details` (or `…_token_details`), DeepSeek's and Moonshot's names for cached
 * tokens. Null where it is no object that tells any.
 */
export function tokenUsage(usage: unknown, counts: Counts, dialect: Dialect = {}): Usage | null {
  const input = counts.count(field(usage, "prompt_tokens") ?? field(usage, "input_tokens"));
  const output = counts.count(field(usage, "completion_tokens") ?? field(usage, "output_tokens"));
  const total = counts.count(field(usage, "total_tokens"));
  const inputPart = partsOf(usage, counts, inputDetails);
  const outputPart = partsOf(usage, counts, outputDetails);
  const reasoning =
    outputPart("reasoning_tokens") ?? counts.count(field(usage, "reasoning_tokens"));
  const extras = extrasOf(usage, counts, dialect);
  const isBeyond = (reasoning ?? 0) > (output ?? Infinity); // no part is: it stands beside the output
  const isApart =
    extras.isResearch || isBeyond || isSumOfThree({ input, output, total, reasoning });
  return usageOf({
    input: sumOf(input ?? (output === undefined ? total : undefined), extras.input),
    output: isApart ? sumOf(output, reasoning) : output,
    cached: inputPart("cached_tokens") ?? cachedBesides(usage, counts),
    cacheWrite: inputPart("cache_write_tokens"),
    reasoning,
    audioInput: inputPart("audio_tokens"),
    audioOutput: outputPart("audio_tokens"),
    imageInput: inputPart("image_tokens"),
    imageOutput: outputPart("image_tokens"),
    webSearches: extras.webSearches,
    requests: extras.requests,
  });
}

const inputDetails = ["prompt_tokens_details", "input_tokens_details", "input_token_details"];
const outputDetails = [
  "completion_tokens_details",
  "output_tokens_details",
  "output_token_details",
];

function partsOf(usage: unknown, counts: Counts, names: readonly string[]) {
  const details = names.map((name) => field(usage, name)).find((found) => found !== undefined);
  return (name: string) => counts.count(field(details, name));
}

const cachedNames = ["prompt_cache_hit_tokens", "cached_tokens", "cached_prompt_text_tokens"];

function cachedBesides(usage: unknown, counts: Counts): number | undefined {
  const found = cachedNames.map((name) => field(usage, name)).find((count) => count !== undefined);
  return counts.count(found);
}

interface Extras {
  /** What tools put into the prompt. */
  readonly input?: number | undefined;
  readonly webSearches?: number | undefined;
  readonly requests?: number;
  readonly isResearch?: boolean;
}

/** Mistral's connectors, and what Perplexity charges: its citations cost what its input does. */
function extrasOf(usage: unknown, counts: Counts, { isPerplexity = false }: Dialect): Extras {
  if (!isPerplexity) {
    return {
      input: counts.count(field(usage, "connector_tokens")),
      webSearches: counts.count(field(usage, "connectors", "web_search")),
    };
  }
  if (typeof usage !== "object" || usage === null) return {};
  const isResearch = (field(usage, "reasoning_tokens") ?? null) !== null;
  if (!isResearch) return { requests: 1 };
  return {
    input: counts.count(field(usage, "citation_tokens")),
    webSearches: counts.count(field(usage, "num_search_queries")),
    requests: 1,
    isResearch,
  };
}

type Told = Record<"input" | "output" | "total" | "reasoning", number | undefined>;

/** xAI's total is the sum of three: its completion tokens are without the reasoning ones. */
function isSumOfThree({ input, output, total, reasoning }: Told): boolean {
  if (input === undefined || output === undefined || !reasoning) return false;
  return total === input + output + reasoning;
}

/** The model as a message names it, or the response or the outputs that it is about, or the request it repeats. */
export function modelOf(message: unknown): string | null {
  return (
    textField(message, "model") ??
    textField(message, "response", "model") ??
    textField(message, "request", "model") ??
    modelOfOutputs(message)
  );
}

function modelOfOutputs(message: unknown): string | null {
  for (const output of listField(message, "outputs")) {
    const model = textField(output, "model");
    if (model !== null) return model;
  }
  return null;
}
