import type { UsageFold } from "../core/metering.ts";
import { mostOf, type Usage } from "../core/usage.ts";
import { type Counts, field, listField, readCounts, sumOf, textField, usageOf } from "./fields.ts";

const markers = ['"usageMetadata"', '"finishReason"', '"blockReason"', '"error"'];

/**
 * The usage of `generateContent` (plain; a stream's messages tell cumulative counts) and of `embedContent`, where
 * that tells any, under the name of whoever serves it. Where the reply names no model, the path's tells how searches
 * are billed.
 */
export function geminiFold(provider: string, pathModel: string | null): UsageFold {
  const counts = readCounts();
  const told: Told = {};
  let usage: Usage | null = null;
  let model: string | null = null;
  let hasEnded = false;
  let hasFailed = false;
  return {
    markers,
    add(message) {
      model = textField(message, "modelVersion") ?? model;
      if (field(message, "error") !== undefined) hasFailed = true;
      if (isEnd(message)) hasEnded = true;
      for (const [name, read] of places) {
        const count = read(field(message, "usageMetadata"), counts);
        if (count !== undefined) told[name] = count;
      }
      told.searches = mostSearches(told.searches, searchesOf(message, model ?? pathModel));
      const whole = wholeOf(told);
      if (whole !== null) usage = mostOf(usage ?? {}, whole);
    },
    result: () => ({
      provider: usage === null && model === null ? null : provider,
      model,
      usage,
      isFinal: hasEnded && !hasFailed && usage !== null,
      isInvalid: counts.isInvalid,
      once: null,
    }),
  };
}

type Name =
  | "prompt"
  | "toolUse"
  | "candidates"
  | "thoughts"
  | "cached"
  | "audioInput"
  | "imageInput"
  | "videoInput"
  | "audioOutput"
  | "imageOutput"
  | "cachedAudio";

type Told = Partial<Record<Name, number>> & { searches?: number | undefined };
type Read = (metadata: unknown, counts: Counts) => number | undefined;

const inputs = ["promptTokensDetails", "toolUsePromptTokensDetails"];

const places: readonly (readonly [Name, Read])[] = [
  ["prompt", total("promptTokenCount")],
  ["toolUse", total("toolUsePromptTokenCount")],
  ["candidates", total("candidatesTokenCount")],
  ["thoughts", total("thoughtsTokenCount")],
  ["cached", total("cachedContentTokenCount")],
  ["audioInput", part(inputs, ["AUDIO"])],
  ["imageInput", part(inputs, ["IMAGE", "DOCUMENT"])], // pages are counted, and priced, as images
  ["videoInput", part(inputs, ["VIDEO"])],
  ["audioOutput", part(["candidatesTokensDetails"], ["AUDIO"])],
  ["imageOutput", part(["candidatesTokensDetails"], ["IMAGE"])],
  ["cachedAudio", part(["cacheTokensDetails"], ["AUDIO"])],
];

function total(name: string): Read {
  return (metadata, counts) => counts.count(field(metadata, name));
}

function part(lists: readonly string[], modalities: readonly string[]): Read {
  return (metadata, counts) => {
    let sum: number | undefined;
    for (const detail of lists.flatMap((list) => listField(metadata, list))) {
      if (!modalities.includes(textField(detail, "modality") ?? "")) continue;
      sum = sumOf(sum, counts.count(field(detail, "tokenCount")));
    }
    return sum;
  };
}

/** Thoughts are beside the candidates' tokens, what tools put into the prompt beside the prompt's. */
function wholeOf({ prompt, toolUse, candidates, thoughts, searches, ...told }: Told): Usage | null {
  return usageOf({
    input: sumOf(prompt, toolUse),
    output: sumOf(candidates, thoughts),
    cached: told.cached,
    cachedAudio: told.cachedAudio,
    reasoning: thoughts,
    audioInput: told.audioInput,
    audioOutput: told.audioOutput,
    imageInput: told.imageInput,
    imageOutput: told.imageOutput,
    videoInput: told.videoInput,
    webSearches: searches,
  });
}

/** The last of the candidates gave its reason, or the prompt was refused; an embedding is all there is. */
function isEnd(message: unknown): boolean {
  if (textField(message, "promptFeedback", "blockReason") !== null) return true;
  if (field(message, "embedding") !== undefined || field(message, "embeddings") !== undefined)
    return true;
  const candidates = listField(message, "candidates");
  return candidates.some((candidate) => textField(candidate, "finishReason") !== null);
}

const billedByPrompt = /^gemini-[12]\./;

/** Billed for each query, empty and repeated ones left out; up to Gemini 2.5 for the prompt, however many it took. */
function searchesOf(message: unknown, model: string | null): number {
  const queries = listField(message, "candidates").flatMap((candidate) =>
    listField(candidate, "groundingMetadata", "webSearchQueries"),
  );
  const searches = new Set(queries.filter((query) => query !== "")).size;
  return billedByPrompt.test(model ?? "") ? Math.min(searches, 1) : searches;
}

function mostSearches(before: number | undefined, now: number): number | undefined {
  return now === 0 ? before : Math.max(before ?? 0, now);
}
