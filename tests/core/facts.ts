import { GatewayError } from "../../src/core/errors.ts";
import type { Need } from "../../src/core/ledger.ts";
import type { Body } from "../../src/core/types.ts";
import { factsOf } from "../../src/gateway/body-facts.ts";
import { callOf, type CallParts } from "./calls.ts";
import { route } from "./route.ts";

export const json = { "content-type": "application/json" };
export const form = { "content-type": "application/x-www-form-urlencoded" };

const plain = route({ path: "/" });

/** All that limits may ask of a request; its body is JSON, unless `parts` say otherwise. */
export function facts(
  body: Body,
  parts: CallParts = { headers: json },
  to = plain,
): Pick<Need, "models" | "tokens"> {
  return factsOf(callOf(parts), to, body, { needsModel: true, needsTokens: true });
}

/** What is said of a model that cannot be read; null where it can be. */
export function unreadable(body: Body, parts?: CallParts, to = plain): string | null {
  try {
    facts(body, parts, to);
    return null;
  } catch (error) {
    if (error instanceof GatewayError && error.code === "model_unreadable") return error.message;
    throw error;
  }
}
