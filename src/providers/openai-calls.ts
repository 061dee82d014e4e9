import type { MeteredCall, UsageFold } from "../core/metering.ts";
import { foldImages, foldSpeech, foldTranscript } from "./openai-media.ts";
import { foldTokens } from "./openai-tokens.ts";
import type { Dialect } from "./openai-usage.ts";

/** What a call of an OpenAI-like API is counted in; null: nobody knows. */
export type OpenAiUse = "tokens" | "images" | "transcript" | "speech" | "free" | null;

/** By the end of the path: hosts put these behind prefixes of their own. The first that fits is taken. */
const uses: readonly (readonly [RegExp, OpenAiUse])[] = [
  [/\/completions$/, "tokens"],
  [/\/(responses|responses\/compact|embeddings)$/, "tokens"],
  [/\/threads\/(runs|[^/]+\/runs(\/[^/]+\/submit_tool_outputs)?)$/, "tokens"],
  [/\/images\/(generations|edits|variations)$/, "images"],
  [/\/audio\/(transcriptions|translations)$/, "transcript"],
  [/\/audio\/speech$/, "speech"],
];

/** Calls that cost nothing by themselves, each as the end of its path; `*` is a name. */
const free = [
  "moderations",
  "batch|batches",
  "batches/*/cancel",
  "batch/jobs",
  "batch/jobs/*/cancel",
  "files",
  "files/*",
  "uploads",
  "uploads/*/(parts|complete|cancel)",
  "fine_tuning/jobs",
  "fine_tuning/jobs/*/(start|cancel|pause|resume)",
  "fine_tuning/models/*/archive",
  "fine_tuning/checkpoints/*/permissions",
  "fine_tuning/alpha/graders/validate",
  "vector_stores",
  "vector_stores/*",
  "vector_stores/*/(search|files|file_batches)",
  "vector_stores/*/files/*",
  "vector_stores/*/file_batches/*/cancel",
  "(assistants|threads|conversations|evals)",
  "(assistants|threads|conversations|evals)/*",
  "threads/*/messages",
  "threads/*/messages/*",
  "threads/*/runs/*",
  "threads/*/runs/*/cancel",
  "evals/*/runs/*",
  "conversations/*/items",
  "containers",
  "containers/*/files",
  "(organization|projects)/*",
  "(organization|projects)/*/*",
  "(organization|projects)/*/*/*",
  "(organization|projects)/*/*/*/*",
  "realtime/(sessions|client_secrets|transcription_sessions|calls)",
  "realtime/calls/*/(accept|reject|refer|hangup)",
  "skills",
  "skills/*",
  "skills/*/versions",
  "chatkit/sessions",
  "chatkit/sessions/*/cancel",
  "responses/input_tokens",
  "responses/*",
  "responses/*/cancel",
  "chat/completions/*",
];

const isFree = new RegExp(`/(?:${free.join("|").replaceAll("*", "[^/]+")})$`);

/** Reading, listing, deleting costs nothing; an item of an API (a response, a thread, a file) is not made twice. */
export function openAiUse({ method, path }: MeteredCall): OpenAiUse {
  if (method !== "POST") return "free";
  const bare = path.endsWith("/") ? path.slice(0, -1) : path;
  const known = uses.find(([pattern]) => pattern.test(bare));
  return known?.[1] ?? (isFree.test(bare) ? "free" : null);
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
