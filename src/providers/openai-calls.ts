import type { MeteredCall, UsageFold } from "../core/metering.ts";
import { foldImages, foldSpeech, foldTranscript } from "./openai-media.ts";
import { foldTokens } from "./openai-tokens.ts";
import type { Dialect } from "./openai-usage.ts";

/** What a call of an OpenAI-like API is counted in; null: nobody knows. */
export type OpenAiUse = "tokens" | "images" | "transcript" | "speech" | "free" | null;

/** By the end of the path: hosts put these behind prefixes of their own. The first that fits is taken. */
const uses: readonly (readonly [RegExp, OpenAiUse])[] = [
  [/\/(chat\/)?completions$/, "tokens"],
  [/\/(responses|responses\/compact|embeddings)$/, "tokens"],
  [/\/threads\/(runs|[^/]+\/runs(\/[^/]+\/submit_tool_outputs)?)$/, "tokens"],
  [/\/images\/(generations|edits|variations)$/, "images"],
  [/\/audio\/(transcriptions|translations)$/, "transcript"],
  [/\/audio\/speech$/, "speech"],
  [/\/fine_tuning\/alpha\/graders\/run$/, null],
  [/\/evals\/[^/]+\/runs$/, null],
  [/\/videos(\/.+)?$/, null],
  [
    /\/(moderations|batch|batches|files|uploads|fine_tuning|vector_stores|assistants|threads|conversations|containers|evals|organization|projects|realtime|skills|chatkit|responses|chat\/completions)(\/.*)?$/,
    "free",
  ],
];

/** Reading, listing, deleting costs nothing; an item of an API (a response, a thread, a file) is not made twice. */
export function openAiUse({ method, path }: MeteredCall): OpenAiUse {
  if (method !== "POST") return "free";
  const bare = path.endsWith("/") ? path.slice(0, -1) : path;
  return uses.find(([pattern]) => pattern.test(bare))?.[1] ?? null;
}

/** The fold of such a call, as the provider's own. */
export function foldOpenAi(
  provider: string,
  call: MeteredCall,
  dialect: Dialect = {},
): UsageFold | "free" | null {
  switch (openAiUse(call)) {
    case "tokens":
      return foldTokens(provider, dialect);
    case "images":
      return foldImages(provider);
    case "transcript":
      return foldTranscript(provider);
    case "speech":
      return foldSpeech(provider, call);
    case "free":
      return "free";
    case null:
      return null;
  }
}

export function countsOpenAiTokens(call: MeteredCall): boolean {
  return openAiUse(call) === "tokens";
}
