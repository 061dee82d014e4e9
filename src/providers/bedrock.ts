import { isCount, type Usage } from "../core/usage.ts";
import { converseFold, invokeFold } from "./bedrock-fold.ts";
import { decoded } from "./call-path.ts";
import type { HostedFormat } from "./hosted-format.ts";
import { countsOpenAiTokens, foldOpenAi } from "./openai-calls.ts";

/** `bedrock-runtime.us-east-1.amazonaws.com`, and what stands beside it: FIPS, dual-stack, private, other clouds. */
const hosts =
  /(?:^|\.)bedrock(?:-[a-z]+)*\.[a-z0-9-]+\.(?:(?:vpce\.)?amazonaws\.(?:com|com\.cn|eu)|api\.aws)$/;

const openAiPath = /\/(?:openai\/)?v1\/(?:chat\/completions|responses)\/?$/;
/** Between them stands the id, which may be an ARN, whose slashes may be encoded. */
const beforeModel = "/model/";
const verbs = new Set([
  "converse",
  "converse-stream",
  "invoke",
  "invoke-with-response-stream",
  "count-tokens",
]);
/** It is paid by what it makes, which is told in a bucket. */
const later = /\/async-invoke\/?$/;

/** Amazon Bedrock's runtime. What agents, flows and guardrails use, nobody tells in one number. */
export const bedrock: HostedFormat = {
  id: "aws",
  serves: (host) => hosts.test(host),
  fold(call) {
    const { method, path } = call;
    if (method !== "POST") return "free";
    const asked = askedIn(path);
    if (later.test(path) && !path.includes(beforeModel)) return "free";
    switch (asked?.verb) {
      case "converse":
      case "converse-stream":
        return converseFold("aws");
      case "invoke":
      case "invoke-with-response-stream":
        return invokeFold("aws");
      case "count-tokens":
        return isOneModel(asked.model) ? "free" : null;
      default:
        return openAiPath.test(path) ? foldOpenAi("aws", call) : null;
    }
  },
  modelOfPath: bedrockModel,
  countsTokens(call) {
    if (openAiPath.test(call.path)) return countsOpenAiTokens(call);
    const verb = askedIn(call.path)?.verb ?? "count-tokens";
    return call.method === "POST" && verb !== "count-tokens";
  },
  usageOfHeaders: usageInHeaders,
};

/** Of `InvokeModel`, whatever its model's body holds: Cohere's and some others' hold no counts. */
function usageInHeaders(headers: Readonly<Record<string, string>>): Usage | null {
  const input = Number(headers["x-amzn-bedrock-input-token-count"] ?? Number.NaN);
  const output = Number(headers["x-amzn-bedrock-output-token-count"] ?? 0);
  return isCount(input) && isCount(output) ? { input, output } : null;
}

/** As it is named, a region's prefix and an ARN's account included: `us.anthropic.claude-sonnet-4-5-20250929-v1:0`. */
function bedrockModel(path: string): string | null {
  const asked = askedIn(path);
  return asked === null ? null : decoded(asked.model);
}

interface Asked {
  readonly model: string;
  readonly verb: string;
}

function askedIn(path: string): Asked | null {
  const whole = path.endsWith("/") ? path.slice(0, -1) : path;
  const start = whole.indexOf(beforeModel) + beforeModel.length;
  const end = whole.lastIndexOf("/");
  if (start < beforeModel.length || end <= start) return null;
  const verb = whole.slice(end + 1);
  return verbs.has(verb) ? { model: whole.slice(start, end), verb } : null;
}

/** Only an ARN's slashes may stand as they are. */
function isOneModel(id: string): boolean {
  return !id.includes("/") || id.startsWith("arn:");
}
