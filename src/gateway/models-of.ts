import { GatewayError } from "../core/errors.ts";
import type { Call } from "../core/types.ts";
import type { BodyReading } from "./body-reading.ts";
import { addFormModels } from "./form-models.ts";
import { ModelNames } from "./model-names.ts";
import { pathModels } from "./path-models.ts";

/** Deepgram's endpoints: their model is a parameter, and never in the body. */
const namedByQuery = /\/(?:listen|speak|read)$/;

/**
 * Every model that a request names, in its path, its query and its body, each once: all of them have to be allowed,
 * and to count, since nobody knows which one the upstream reads. Throws `model_unreadable` where a body cannot be
 * read, whatever the path says; where more models are named than are looked at; and where a body names none and the
 * request is none that could do without: then it is the upstream that picks a model, and no list would hold. Only
 * requests whose upstreams read the model elsewhere do without: paths of Google's (`/models/{m}:verb` at their end),
 * Amazon's (`/model/{m}/converse`) and Azure's (`/deployments/{m}/…`), and `?model=` at Deepgram's endpoints
 * (`…/listen`, `…/speak`, `…/read`). A request without a body may name none.
 */
export function modelsOf({ path, query }: Call, reading: BodyReading): readonly string[] {
  if (reading.fault !== null) throw refusal(`Its body ${reading.fault}.`);
  const inPath = pathModels(path);
  if (query === "" && inPath.names.length === 0) {
    if (!reading.isEmpty && reading.models.length === 0) throw refusal("It names none.");
    return reading.models;
  }
  const models = new ModelNames();
  for (const name of inPath.names) models.add(name);
  addFormModels(query, models);
  const isNamed = inPath.decides || (!models.isEmpty && namedByQuery.test(path));
  if (!reading.isEmpty && reading.models.length === 0 && !isNamed) {
    throw refusal("Its body names none.");
  }
  for (const name of reading.models) models.add(name);
  if (models.tooMany) throw refusal("It names too many models.");
  for (const name of inPath.names) models.leaveOut(`models/${name}`); // so Google's bodies say what the path says
  return models.list;
}

function refusal(detail: string): GatewayError {
  return new GatewayError("model_unreadable", { detail });
}
