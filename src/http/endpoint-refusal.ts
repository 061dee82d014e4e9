import type { EndpointAttempt } from "../core/endpoint-book.ts";
import { GatewayError } from "../core/errors.ts";
import { isDeeper } from "../core/nesting.ts";
import { AnyEndpointFields } from "./endpoint-fields.ts";
import type { EndpointsDeps } from "./endpoints.ts";
import { fieldFaults, refuse } from "./field-faults.ts";
import { readObject } from "./read-request.ts";
import { tellingStore } from "./telling-store.ts";

/** The fields of a body that an endpoint may have, and what is wrong with the others. */
export async function endpointFields(request: Request): Promise<{
  readonly fields: Readonly<Record<string, unknown>>;
  readonly faults: readonly string[];
}> {
  const given = await readObject(request);
  const faults = fieldFaults(given, AnyEndpointFields);
  if (Object.values(given).some((value) => isDeeper(value))) throw refuse(faults);
  const known = Object.entries(given).filter(([name]) =>
    Object.hasOwn(AnyEndpointFields.properties, name),
  );
  return { fields: Object.fromEntries(known), faults };
}

/** The id that a body gives a new endpoint; null where it gives none, or none that can be had. */
export function givenId(
  given: unknown,
  { endpoints }: EndpointsDeps,
): { readonly id: string | null; readonly faults: readonly string[] } {
  if (given === undefined || given === null) return { id: null, faults: [] };
  if (typeof given !== "string") return { id: null, faults: ["id: a text is meant."] };
  if (endpoints.find(given) === null) return { id: given, faults: [] };
  return { id: null, faults: ["id: another endpoint has this id."] };
}

/**
 * Throws `request_invalid` where something is wrong: then with all else that a try brings to light, so that nobody has
 * to ask twice. `target`: what its name is to be looked up of.
 */
export async function refuseFaults(
  { checkTarget, endpoints }: EndpointsDeps,
  attempt: EndpointAttempt,
  { faults, target }: { readonly faults: readonly string[]; readonly target: unknown },
): Promise<void> {
  const led = typeof target === "string" ? await checkTarget(target) : null;
  const found = led === null ? faults : [...faults, `target: ${led}`];
  if (found.length === 0) return;
  const told = new Set(found.map(keyOf));
  const others = triedFaults(endpoints, attempt).filter((fault) => !told.has(keyOf(fault)));
  throw refuse([...found, ...others]);
}

/** What a fault is about: one is enough of each. */
function keyOf(fault: string): string {
  return fault.split(": ", 1)[0] ?? "";
}

function triedFaults(
  endpoints: EndpointsDeps["endpoints"],
  attempt: EndpointAttempt,
): readonly string[] {
  try {
    tellingStore(() => endpoints.tryOut(attempt));
    return [];
  } catch (error) {
    const { code, detail, faults } = GatewayError.from(error);
    if (code !== "request_invalid") throw error;
    if (faults.length > 0) return faults;
    return detail === null ? [] : [detail];
  }
}
