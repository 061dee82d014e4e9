import type { MeteredCall, UsageFold } from "../core/metering.ts";
import { interactionFold } from "./gemini-interaction.ts";
import { foldOfVerb, googleModel, verbCountsTokens } from "./gemini-verbs.ts";
import type { HostedFormat } from "./hosted-format.ts";
import { countsOpenAiTokens, foldOpenAi } from "./openai-calls.ts";
import { countsVertexTokens, foldVertex, isVertexHost, isVertexPath } from "./vertex-ai.ts";

const openAiPath = /\/v1(?:alpha|beta)?\/openai\//;
const interaction = /\/interactions(?:\/[^/]+)?\/?$/;
/** What is put somewhere to be used later, and looked for there. */
const stored =
  /\/(?:files|fileSearchStores|corpora|auth_tokens)(?:\/[^/:]+){0,5}(?::(?:register|query|importFile|uploadToFileSearchStore|batch(?:Create|Update|Delete)|transferOwnership))?\/?$/;

/**
 * Google: the Gemini API (https://ai.google.dev/api) and, by its paths, Vertex AI. Nobody tells what a cache costs,
 * which is billed by the hour, or a video.
 */
export const gemini: HostedFormat = {
  id: "google",
  serves: (host) => host === "generativelanguage.googleapis.com" || isVertexHost(host),
  fold: (call) => (isVertexPath(call.path) ? foldVertex(call) : foldGemini(call)),
  modelOfPath: googleModel,
  countsTokens(call) {
    if (isVertexPath(call.path)) return countsVertexTokens(call);
    if (openAiPath.test(call.path)) return countsOpenAiTokens(call);
    return verbCountsTokens(call) || (call.method === "POST" && interaction.test(call.path));
  },
};

function foldGemini(call: MeteredCall): UsageFold | "free" | null {
  const { method, path } = call;
  if (openAiPath.test(path)) return foldOpenAi("google", call);
  const isRead = method === "GET";
  if (interaction.test(path) && (isRead || method === "POST")) return interactionFold("google");
  if (method !== "POST") return "free";
  return foldOfVerb("google", path) ?? (stored.test(path) ? "free" : null);
}
