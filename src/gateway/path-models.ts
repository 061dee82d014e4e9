import { GatewayError } from "../core/errors.ts";
import { percentDecoded } from "./percent-decoded.ts";

/** What is followed by a model's name: OpenAI's, Google's, Azure's paths. */
const containers: ReadonlySet<string> = new Set([
  "models",
  "tunedmodels",
  "deployments",
  "engines",
]);

/** Amazon's: what stands between `/model/` and such an end; the id may be an ARN, with slashes of its own. */
const bedrockVerb = /^(?:invoke|converse|count-tokens)[\w-]*$/i;
const bedrockStart = "/model/";

/** A cheap look: most paths name none. */
const suspicious = /model|deployment|engine|%/i;

/** What a path says of models. */
export interface PathModels {
  readonly names: readonly string[];
  /** It is of a form in which the upstream takes the model from the path, and from nowhere else. */
  readonly decides: boolean;
}

const none: PathModels = { names: [], decides: false };

/**
 * The models that a path names: `/models/{m}`, `/models/{m}:generateContent`, `/deployments/{m}/…`,
 * `/model/{m}/invoke`. It decides where it ends with Google's verb or Amazon's, or goes on after Azure's deployment.
 * Throws `model_unreadable` where an encoded slash hides such a place. Linear.
 */
export function pathModels(path: string): PathModels {
  if (!suspicious.test(path)) return none;
  const segments = path.split("/").map(percentDecoded);
  const names: string[] = [];
  let decides = false;
  segments.forEach((segment, index) => {
    if (segment.includes("/") && hidesContainer(segment)) {
      throw new GatewayError("model_unreadable", { detail: "Its path hides it." });
    }
    const next = segments[index + 1];
    const container = segment.toLowerCase();
    if (next === undefined || next === "" || !containers.has(container)) return;
    const name = withoutVerb(next);
    names.push(name);
    const isLast = index + 2 === segments.length;
    decides ||= container.endsWith("models") ? isLast && name !== next : !isLast;
  });
  const id = bedrockId(segments.join("/"));
  if (id === null) return { names, decides };
  return { names: [...names, id], decides: true };
}

function bedrockId(path: string): string | null {
  const end = path.lastIndexOf("/");
  if (!bedrockVerb.test(path.slice(end + 1))) return null;
  const start = path.toLowerCase().indexOf(bedrockStart);
  return start < 0 ? null : path.slice(start + bedrockStart.length, end) || null;
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
