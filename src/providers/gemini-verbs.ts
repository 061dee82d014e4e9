import type { MeteredCall, UsageFold } from "../core/metering.ts";
import { decoded } from "./call-path.ts";
import { geminiFold } from "./gemini-fold.ts";
import { predictFold } from "./gemini-predict.ts";

const tokenVerbs = new Set([
  "generateContent",
  "streamGenerateContent",
  "generateAnswer",
  "embedContent",
  "batchEmbedContents",
]);

/** Batches cost what their requests cost, later; to look after what goes on costs nothing. */
const freeVerbs = new Set([
  "countTokens",
  "computeTokens",
  "batchGenerateContent",
  "asyncBatchEmbedContent",
  "fetchPredictOperation",
  "cancel",
]);

/** Google's paths end with what is to be done: `…/models/gemini-2.5-pro:generateContent`. */
export function foldOfVerb(provider: string, path: string): UsageFold | "free" | null {
  const verb = verbOf(path);
  if (tokenVerbs.has(verb)) return geminiFold(provider, googleModel(path));
  if (verb === "predict") return predictFold(provider);
  return freeVerbs.has(verb) ? "free" : null;
}

/** Such a call is counted in tokens. */
export function verbCountsTokens({ method, path }: MeteredCall): boolean {
  return method === "POST" && tokenVerbs.has(verbOf(path));
}

/** `gemini-2.5-pro` of `/v1beta/models/gemini-2.5-pro:generateContent`. */
export function googleModel(path: string): string | null {
  const name = /\/(?:models|tunedModels)\/([^/:]+)(?::[A-Za-z]+)?\/?$/.exec(path)?.[1];
  return name === undefined ? null : decoded(name);
}

function verbOf(path: string): string {
  return /:([A-Za-z]+)\/?$/.exec(path)?.[1] ?? "";
}
