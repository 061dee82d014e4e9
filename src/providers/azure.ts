import type { MeteredCall, UsageFold } from "../core/metering.ts";
import { isFreeMessageCall } from "./anthropic.ts";
import { anthropicFold } from "./anthropic-fold.ts";
import { decoded } from "./call-path.ts";
import type { HostedFormat } from "./hosted-format.ts";
import { countsOpenAiTokens, foldOpenAi } from "./openai-calls.ts";

const hosts = [
  ".openai.azure.com",
  ".services.ai.azure.com",
  ".cognitiveservices.azure.com",
  ".models.ai.azure.com",
];

/**
 * Azure: https://learn.microsoft.com/azure/ai-foundry/openai/reference. Calls go to `/openai/deployments/{name}/…`,
 * `/openai/v1/…` or `/models/…` and are counted as OpenAI's, those to `/anthropic/…` as Anthropic's. Replies name the
 * model, paths the deployment. Other services at these hosts (speech, vision, language) tell no usage.
 */
export const azure: HostedFormat = {
  id: "azure",
  serves: (host) => hosts.some((end) => host.endsWith(end)),
  fold: foldAzure,
  modelOfPath: deploymentOf,
  countsTokens(asked) {
    const call = inLowerCase(asked);
    return isMessages(call) || (isOpenAi(call.path) && countsOpenAiTokens(call));
  },
};

function foldAzure(asked: MeteredCall): UsageFold | "free" | null {
  const call = inLowerCase(asked);
  if (isMessages(call)) return anthropicFold("azure");
  if (isAnthropic(call.path)) {
    return call.method !== "POST" || isFreeMessageCall(call.path) ? "free" : null;
  }
  return isOpenAi(call.path) ? foldOpenAi("azure", call) : null;
}

/** Azure takes paths in any case. */
function inLowerCase(call: MeteredCall): MeteredCall {
  return { method: call.method, path: call.path.toLowerCase(), body: () => call.body() };
}

function isAnthropic(path: string): boolean {
  return path.startsWith("/anthropic/");
}

function isMessages({ method, path }: MeteredCall): boolean {
  return method === "POST" && isAnthropic(path) && /\/messages\/?$/.test(path);
}

/** `/v1/chat/completions` is what models on their own endpoints answer to. */
function isOpenAi(path: string): boolean {
  return /^\/(openai|models|v1|chat|embeddings)(\/|$)/.test(path);
}

function deploymentOf(path: string): string | null {
  const name = /^\/openai\/deployments\/([^/]+)/i.exec(path)?.[1];
  return name === undefined ? null : decoded(name);
}
