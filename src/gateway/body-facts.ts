import { GatewayError } from "../core/errors.ts";
import type { Principal } from "../core/key-record.ts";
import type { Need, Seat } from "../core/ledger.ts";
import type { Route } from "../core/routes.ts";
import type { Body, Call } from "../core/types.ts";
import { readingOf } from "./body-reading.ts";
import { modelsOf } from "./models-of.ts";
import { tokensOf } from "./tokens-of.ts";

/** What a request names and asks for. */
export interface BodyFacts extends Pick<Need, "models" | "tokens"> {
  /** Upper estimates of its tokens; `output` is 0 where it does not say how many it wants. */
  readonly input: number;
  readonly output: number;
}

/**
 * What limits ask of a request, its body read once for all of it. Throws `model_unreadable` where a model has to be
 * known and is not.
 */
export function factsOf(
  call: Call,
  route: Route,
  body: Body,
  needs: Pick<Seat, "needsModel" | "needsTokens">,
): BodyFacts {
  const reading = readingOf(call, route, body);
  const { input, output } = tokensOf(call, body, reading);
  return {
    models: needs.needsModel ? modelsOf(call, reading) : reading.models,
    tokens: needs.needsTokens ? input + output : 0,
    input,
    output,
  };
}

/**
 * Throws `model_not_allowed` unless the key's list and its team's both hold every one of `models`. Entries are names
 * or patterns (`gpt-4*`, `openai/*`); `*`, `all-proxy-models` and, in a key's list, `all-team-models` stand for every
 * model. An empty list holds every model too.
 */
export function mayUseModels(principal: Principal, models: readonly string[]): void {
  if (principal.kind !== "key" || models.length === 0) return;
  const { key, team } = principal;
  if (!allAllowed(key.models, models)) throw notAllowed("key");
  if (team !== null && !allAllowed(team.models, models)) throw notAllowed("team");
}

function notAllowed(whose: string): GatewayError {
  return new GatewayError("model_not_allowed", { detail: `The ${whose}'s models leave it out.` });
}

const everyModel: ReadonlySet<string> = new Set(["*", "all-proxy-models", "all-team-models"]);

function allAllowed(list: readonly string[], models: readonly string[]): boolean {
  if (list.length === 0 || list.some((entry) => everyModel.has(entry))) return true;
  return models.every((model) => list.some((entry) => fits(entry, model)));
}

/** `*` stands for any characters, as often as it is written. Linear, unlike a regular expression. */
function fits(pattern: string, model: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return pattern === model;
  if (!model.startsWith(first) || !model.endsWith(last)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = model.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= model.length - last.length;
}
