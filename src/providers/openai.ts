import type { HostedFormat } from "./hosted-format.ts";
import { countsOpenAiTokens, foldOpenAi } from "./openai-calls.ts";

/** OpenAI, in all its regions: https://platform.openai.com/docs/api-reference. Realtime is not among it. */
export const openai: HostedFormat = {
  id: "openai",
  serves: (host) => host === "api.openai.com" || host.endsWith(".api.openai.com"),
  fold: (call) => foldOpenAi("openai", call),
  modelOfPath: () => null,
  countsTokens: countsOpenAiTokens,
};
