import { GatewayError } from "../core/errors.ts";
import type { Call } from "../core/types.ts";
import type { BodyReading } from "./body-reading.ts";
import { pathModels } from "./path-models.ts";
import { formValues } from "./percent-decoded.ts";

/**
 * Every model that a request names, in its path, its query and its body, each once: all of them have to be allowed,
 * and to count, since nobody knows which one the upstream reads. Throws `model_unreadable` where a body cannot be
 * read, whatever the path says, and where a request with a body names no model at all: then it is the upstream that
 * picks one, and no list would hold. A request without a body may name none.
 */
export function modelsOf({ path, query }: Call, reading: BodyReading): readonly string[] {
  if (reading.fault !== null) throw refusal(`Its body ${reading.fault}.`);
  const named = pathModels(path);
  const asked = query === "" ? none : formValues(query, "model");
  if (!reading.isEmpty && named.length + asked.length + reading.models.length === 0) {
    throw refusal("It names none.");
  }
  if (named.length + asked.length === 0 && reading.models.length < 2) return reading.models;
  const names = new Set([...named, ...asked, ...reading.models]);
  for (const name of named) names.delete(`models/${name}`); // so Google's bodies say what the path says
  return [...names];
}

const none: readonly string[] = [];

function refusal(detail: string): GatewayError {
  return new GatewayError("model_unreadable", { detail });
}
