import type { MeteredCall, UsageFold } from "../core/metering.ts";
import { anthropicFold } from "./anthropic-fold.ts";
import { foldOfVerb, verbCountsTokens } from "./gemini-verbs.ts";
import { mistral } from "./mistral.ts";
import { countsOpenAiTokens, foldOpenAi } from "./openai-calls.ts";
import { foldTokens } from "./openai-tokens.ts";

const hosts = /^(?:[a-z0-9-]+-)?aiplatform(?:-[a-z0-9-]+\.p|\.[a-z0-9-]+\.rep)?\.googleapis\.com$/;
const openAiPath =
  /\/endpoints\/[^/:]+\/(?:chat\/completions|completions|embeddings|responses)\/?$/;
const rawPredict = /\/publishers\/([^/]+)\/models\/([^/:]+):(?:rawPredict|streamRawPredict)\/?$/;

/** `us-central1-aiplatform.googleapis.com`, that of all regions, those of the US and the EU, and private ones. */
export function isVertexHost(host: string): boolean {
  return hosts.test(host);
}

/** Vertex AI's paths begin with a project, or with a publisher where a key tells the project. */
export function isVertexPath(path: string): boolean {
  return path.includes("/projects/") || path.includes("/publishers/");
}

/** Google's own models, and those of others in their makers' formats. */
export function foldVertex(call: MeteredCall): UsageFold | "free" | null {
  if (call.method !== "POST" || call.path.endsWith("/batchPredictionJobs")) return "free";
  if (openAiPath.test(call.path)) return foldOpenAi("google", call);
  const raw = rawCall(call.path);
  return raw === null ? foldOfVerb("google", call.path) : foldRaw(raw, call);
}

/** Such a call is counted in tokens. */
export function countsVertexTokens(call: MeteredCall): boolean {
  if (call.method !== "POST") return false;
  if (openAiPath.test(call.path)) return countsOpenAiTokens(call);
  const raw = rawCall(call.path);
  if (raw === null) return verbCountsTokens(call);
  return raw.publisher !== "google" && raw.model !== "count-tokens" && !isOcr(raw.model);
}

interface RawCall {
  readonly publisher: string;
  readonly model: string;
}

function rawCall(path: string): RawCall | null {
  const [, publisher, model] = rawPredict.exec(path) ?? [];
  return publisher === undefined || model === undefined ? null : { publisher, model };
}

/** Anthropic's counting of tokens has a model's place; Mistral's reading of documents has no path of its own. */
function foldRaw({ publisher, model }: RawCall, call: MeteredCall): UsageFold | "free" | null {
  if (publisher === "google") return null;
  if (publisher === "anthropic") return model === "count-tokens" ? "free" : anthropicFold("google");
  if (!isOcr(model)) return foldTokens("google");
  return mistral.fold({ method: "POST", path: "/v1/ocr", body: () => call.body() });
}

function isOcr(model: string): boolean {
  return model.includes("-ocr");
}
