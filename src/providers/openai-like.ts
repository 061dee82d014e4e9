import type { MeteredCall, UsageFold } from "../core/metering.ts";
import { isFreeMessageCall } from "./anthropic.ts";
import { anthropicFold } from "./anthropic-fold.ts";
import { decoded } from "./call-path.ts";
import type { HostedFormat } from "./hosted-format.ts";
import { countsOpenAiTokens, foldOpenAi, openAiUse } from "./openai-calls.ts";
import { foldTokens } from "./openai-tokens.ts";
import type { Dialect } from "./openai-usage.ts";

/** Who speaks OpenAI's format elsewhere: ids as the catalogue of prices names them, and their hosts. */
const hosts: Readonly<Record<string, readonly string[]>> = {
  arcee: ["api.arcee.ai"],
  avian: ["api.avian.io"],
  baseten: ["inference.baseten.co"],
  cerebras: ["api.cerebras.ai"],
  deepseek: ["api.deepseek.com"],
  doubleword: ["api.doubleword.ai"],
  fireworks: ["api.fireworks.ai"],
  "github-copilot": ["api.githubcopilot.com"],
  groq: ["api.groq.com"],
  minimax: ["api.minimax.io", "api.minimax.com", "api.minimaxi.com"],
  moonshotai: ["api.moonshot.ai", "api.moonshot.cn"],
  novita: ["api.novita.ai"],
  openrouter: ["openrouter.ai", "api.openrouter.ai"],
  ovhcloud: ["oai.endpoints.kepler.ai.cloud.ovh.net"],
  perplexity: ["api.perplexity.ai"],
  quicksilverpro: ["api.quicksilverpro.io"],
  together: ["api.together.xyz", "api.together.ai"],
  typesafe: ["api.typesafe.ai"],
  voyageai: ["api.voyageai.com"],
  "x-ai": ["api.x.ai", "us-east-1.api.x.ai", "eu-west-1.api.x.ai"],
  zai: ["api.z.ai"],
  zhipuai: ["open.bigmodel.cn"],
};

const dialects: Readonly<Record<string, Dialect>> = { perplexity: { isPerplexity: true } };

/** One format for each of them, and for the two that tell who answers in the path. */
export const openAiLike: readonly HostedFormat[] = [
  ...Object.entries(hosts).map(([id, served]) => formatOf(id, (host) => served.includes(host))),
  {
    ...formatOf("cloudflare", (host) => host === "api.cloudflare.com"),
    fold: (call) => (isCloudflareAi(call.path) ? foldLike("cloudflare", call) : null),
    modelOfPath: cloudflareModel,
    countsTokens: ({ method, path }) => method === "POST" && isCloudflareAi(path),
  },
  {
    ...formatOf("huggingface", (host) => host === "router.huggingface.co"),
    fold: (call) => foldLike(huggingFaceName(call.path), call),
  },
];

function formatOf(id: string, serves: (host: string) => boolean): HostedFormat {
  return {
    id,
    serves,
    fold: (call) => foldLike(id, call),
    modelOfPath: () => null,
    countsTokens: (call) =>
      isMessages(call) || countsOpenAiTokens(call) || openAiUse(call) === null,
  };
}

/** What a POST to an unknown path tells is read as tokens; some answer as Anthropic does, too. */
function foldLike(id: string, call: MeteredCall): UsageFold | "free" {
  if (isMessages(call)) return anthropicFold(id);
  if (call.path.includes("/messages/") && isFreeMessageCall(call.path)) return "free";
  const dialect = dialects[id];
  return foldOpenAi(id, call, dialect) ?? foldTokens(id, dialect);
}

function isMessages({ method, path }: MeteredCall): boolean {
  return method === "POST" && /\/messages\/?$/.test(path) && !path.includes("/threads/");
}

function isCloudflareAi(path: string): boolean {
  return /\/accounts\/[^/]+\/ai\/(run|v1)\//.test(path);
}

function cloudflareModel(path: string): string | null {
  const before = "/ai/run/";
  const at = path.indexOf(before);
  const model = at < 0 ? "" : path.slice(at + before.length);
  return model === "" ? null : decoded(model);
}

/** `/groq/openai/v1/chat/completions` is answered by Groq; of `/v1/…` the router chooses. */
function huggingFaceName(path: string): string {
  const [, first = ""] = path.split("/");
  return first === "" || first === "v1" ? "huggingface" : `huggingface_${first}`;
}
