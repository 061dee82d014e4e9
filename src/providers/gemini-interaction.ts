import type { UsageFold } from "../core/metering.ts";
import { mostOf, tokensIn, type Usage } from "../core/usage.ts";
import { type Counts, field, listField, readCounts, sumOf, textField, usageOf } from "./fields.ts";

/** `interaction.created` (once `interaction.start`) names the model. */
const markers = [
  '"total_input_tokens"',
  '"total_tokens"',
  "interaction.created",
  "interaction.start",
];
const ends = new Set(["completed", "requires_action", "incomplete", "failed", "cancelled"]);

/**
 * The usage of an interaction: plain, streamed, or read again later. It was used once, whoever asks for it, and
 * not before it has ended.
 */
export function interactionFold(provider: string): UsageFold {
  const counts = readCounts();
  let usage: Usage | null = null;
  let model: string | null = null;
  let id: string | null = null;
  let isFinal = false;
  return {
    markers,
    add(message) {
      const interaction = field(message, "interaction") ?? message;
      model = textField(interaction, "model") ?? model;
      id = textField(interaction, "id") ?? id;
      const told = usageIn(
        field(interaction, "usage") ?? field(message, "metadata", "usage"),
        counts,
      );
      if (told === null) return;
      const status = textField(interaction, "status") ?? "";
      const isGoingOn = status !== "" && !ends.has(status);
      const isOfStream = interaction !== message;
      if (isGoingOn && (!isOfStream || tokensIn(told) === 0)) return; // not what it will have used
      usage = mostOf(usage ?? {}, told);
      isFinal ||= ends.has(status);
    },
    result: () => ({
      provider: usage === null && model === null ? null : provider,
      model,
      usage,
      isFinal,
      isInvalid: counts.isInvalid,
      once: isFinal ? id : null,
    }),
  };
}

function usageIn(usage: unknown, counts: Counts): Usage | null {
  const total = (name: string) => counts.count(field(usage, `total_${name}_tokens`));
  const part = (list: string, modality: string) =>
    sumOf(
      ...listField(usage, list)
        .filter((one) => textField(one, "modality")?.toLowerCase() === modality)
        .map((one) => counts.count(field(one, "tokens"))),
    );
  const input = (modality: string) =>
    sumOf(
      part("input_tokens_by_modality", modality),
      part("tool_use_tokens_by_modality", modality),
    );
  const thoughts = total("thought");
  return usageOf({
    input: sumOf(total("input"), total("tool_use")),
    output: sumOf(total("output"), thoughts),
    cached: total("cached"),
    cachedAudio: part("cached_tokens_by_modality", "audio"),
    reasoning: thoughts,
    audioInput: input("audio"),
    audioOutput: part("output_tokens_by_modality", "audio"),
    imageInput: sumOf(input("image"), input("document")),
    imageOutput: part("output_tokens_by_modality", "image"),
    videoInput: input("video"),
    webSearches: searchesIn(usage, counts),
  });
}

function searchesIn(usage: unknown, counts: Counts): number | undefined {
  const tools = listField(usage, "grounding_tool_count");
  const searches = tools.filter((tool) => field(tool, "type") === "google_search");
  return sumOf(...searches.map((tool) => counts.count(field(tool, "count"))));
}
