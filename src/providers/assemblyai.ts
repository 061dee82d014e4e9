import type { Folded, UsageFold } from "../core/metering.ts";
import { field, listField, readCounts, textField, usageOf } from "./fields.ts";
import type { HostedFormat } from "./hosted-format.ts";
import { countsOpenAiTokens, foldOpenAi } from "./openai-calls.ts";

const speechHosts = new Set(["api.assemblyai.com", "api.eu.assemblyai.com"]);
const gatewayHosts = new Set(["llm-gateway.assemblyai.com", "llm-gateway.eu.assemblyai.com"]);

/**
 * AssemblyAI: https://www.assemblyai.com/docs/api-reference. A transcript is ordered by one call and told by others,
 * as often as they ask: its seconds are used once, by its id. Their LLM gateway answers as OpenAI's chat does.
 */
export const assemblyai: HostedFormat = {
  id: "assemblyai",
  serves: (host) => speechHosts.has(host) || gatewayHosts.has(host),
  fold(call) {
    const part = call.method === "GET" ? partOfTranscript(call.path) : null;
    if (part !== null) return foldTranscript(part);
    if (call.path.endsWith("/chat/completions")) return foldOpenAi("assemblyai", call);
    if (call.method !== "POST") return "free";
    return isFreeToPost(call.path) ? "free" : null;
  },
  modelOfPath: () => null,
  countsTokens: (call) => call.path.endsWith("/chat/completions") && countsOpenAiTokens(call),
};

type Part = "whole" | "text";

/** The transcript itself, or its text by sentences or paragraphs, which tell its length too; not subtitles or words. */
function partOfTranscript(path: string): Part | null {
  if (/\/v2\/transcript\/[^/]+\/?$/.test(path)) return "whole";
  return /\/v2\/transcript\/[^/]+\/(?:sentences|paragraphs)\/?$/.test(path) ? "text" : null;
}

/** Uploads, and the order of a transcript, whose seconds are not known yet. */
function isFreeToPost(path: string): boolean {
  return /\/v2\/(upload|transcript)\/?$/.test(path);
}

/** A text is there only when the transcript is complete, and says neither that nor its model. */
function foldTranscript(part: Part): UsageFold {
  const counts = readCounts();
  let told: Pick<Folded, "model" | "usage" | "once"> | null = null;
  return {
    markers: ['"audio_duration"'],
    add(message) {
      const id = textField(message, "id");
      const isDone = part === "text" || textField(message, "status") === "completed";
      if (id === null || !isDone) return;
      const seconds = counts.count(field(message, "audio_duration"));
      const usage = usageOf({ seconds });
      if (usage !== null) told = { model: speechModel(message), usage, once: `assemblyai:${id}` };
    },
    result: () => ({
      provider: told === null ? null : "assemblyai",
      model: told?.model ?? null,
      usage: told?.usage ?? null,
      isFinal: told !== null,
      isInvalid: counts.isInvalid,
      once: told?.once ?? null,
    }),
  };
}

/** The one that was used; of orders that named several, that one is told apart. */
function speechModel(transcript: unknown): string | null {
  const named = textField(transcript, "speech_model_used") ?? textField(transcript, "speech_model");
  if (named !== null) return named;
  const [first] = listField(transcript, "speech_models");
  return typeof first === "string" ? first : null;
}
