import { GatewayError } from "../core/errors.ts";
import { percentDecoded } from "./percent-decoded.ts";

/** What is followed by a model's name: OpenAI's, Google's, Azure's paths. */
const containers: ReadonlySet<string> = new Set([
  "models",
  "tunedmodels",
  "deployments",
  "engines",
]);

/** Amazon's: the id may be an ARN, with slashes of its own. */
const bedrock = /\/model\/(.+)\/(?:invoke|converse|count-tokens)[\w-]*$/i;

/** A cheap look: most paths name none. */
const suspicious = /model|deployment|engine|%/i;

const none: readonly string[] = [];

/**
 * The models that a path names: `/models/{m}`, `/models/{m}:generateContent`, `/deployments/{m}/…`,
 * `/model/{m}/invoke`. Throws `model_unreadable` where an encoded slash hides such a place.
 */
export function pathModels(path: string): readonly string[] {
  if (!suspicious.test(path)) return none;
  const segments = path.split("/").map(percentDecoded);
  const models: string[] = [];
  segments.forEach((segment, index) => {
    if (segment.includes("/") && hidesContainer(segment)) {
      throw new GatewayError("model_unreadable", { detail: "Its path hides it." });
    }
    const next = segments[index + 1];
    if (next === undefined || next === "" || !containers.has(segment.toLowerCase())) return;
    models.push(withoutVerb(next));
  });
  const [, id] = bedrock.exec(segments.join("/")) ?? [];
  if (id !== undefined) models.push(id);
  return models;
}

/** ARNs have slashes of their own, after something else than such a word. */
function hidesContainer(segment: string): boolean {
  return segment
    .split("/")
    .some((part) => containers.has(part.toLowerCase()) || part.toLowerCase() === "model");
}

/** `gemini-pro:generateContent` → `gemini-pro`; of fine-tuned models' own colons (`ft:gpt-4o:us::id`) none is one. */
function withoutVerb(name: string): string {
  return name.startsWith("ft:") ? name : name.replace(/:[A-Za-z]+$/, "");
}
