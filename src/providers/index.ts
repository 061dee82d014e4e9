import type { UsageFormat } from "../core/metering.ts";
import { anthropic } from "./anthropic.ts";
import { asRead } from "./as-read.ts";
import { assemblyai } from "./assemblyai.ts";
import { azure } from "./azure.ts";
import { bedrock } from "./bedrock.ts";
import { createByShape } from "./by-shape.ts";
import { cohere } from "./cohere.ts";
import { gemini } from "./gemini.ts";
import type { HostedFormat } from "./hosted-format.ts";
import { mistral } from "./mistral.ts";
import { openAiLike } from "./openai-like.ts";
import { openai } from "./openai.ts";

/** To add a provider: write its file, add its name. Of two that serve a host the first is taken. */
export const formats: readonly HostedFormat[] = [
  openai,
  azure,
  anthropic,
  gemini,
  bedrock,
  cohere,
  mistral,
  assemblyai,
  ...openAiLike,
];

const byName = new Map(formats.map((format) => [format.id, format]));

/** Names of products and of LiteLLM, for those that the catalogue of prices names otherwise. */
const otherNames: Readonly<Record<string, string>> = {
  azure_ai: "azure",
  bedrock: "aws",
  fireworks_ai: "fireworks",
  gemini: "google",
  github_copilot: "github-copilot",
  moonshot: "moonshotai",
  together_ai: "together",
  vertex_ai: "google",
  voyage: "voyageai",
  xai: "x-ai",
};

const shapes = createByShape(formats);
const byShape = asRead(shapes, shapes);
const read = new Map(formats.map((format) => [format, asRead(format, shapes)]));

/** What `provider:` of a route may say. `none`: replies are not looked at. */
export const formatNames: readonly string[] = [
  "none",
  ...byName.keys(),
  ...Object.keys(otherNames),
];

/**
 * The wire format that a route's replies have: as its key says, else by the target's host, else told by the shape of
 * the replies. Null where they are not to be looked at. Throws a `RangeError` for a key that is not in `formatNames`.
 */
export function formatOf(key: string | null | undefined, origin: string): UsageFormat | null {
  if (key === "none") return null;
  if (typeof key === "string") return named(key);
  const host = hostOf(origin);
  const format = formats.find(({ serves }) => serves(host));
  return (format && read.get(format)) ?? byShape;
}

function named(key: string): UsageFormat {
  const known = byName.get(otherNames[key] ?? key);
  const format = known && read.get(known);
  if (format === undefined) throw new RangeError(`no wire format is named ${key}`);
  return format;
}

/** In lower case, without port and a final dot; empty for what is no URL. */
function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname.toLowerCase().replace(/\.$/, "") : "";
}
