import { refuse } from "./field-faults.ts";

/** The version that a body names, null where it names none. */
export function bodyVersion(given: unknown): {
  readonly version: number | null;
  readonly faults: readonly string[];
} {
  if (given === undefined || given === null) return { version: null, faults: [] };
  if (typeof given === "number" && Number.isSafeInteger(given) && given >= 1) {
    return { version: given, faults: [] };
  }
  return { version: null, faults: ["version: a whole number of at least 1 is meant."] };
}

/**
 * The version that an endpoint has to have for a change: `stated`, or the one of `If-Match` (RFC 9110 §13.1.1); null
 * where there is neither. Throws `request_invalid` where the two differ, or the header names none of ours.
 */
export function wantedVersion(request: Request, stated: number | null): number | null {
  const header = request.headers.get("if-match")?.trim() ?? "";
  if (header === "" || header === "*") return stated;
  const [, digits = null] = /^(?:W\/)?"?(\d{1,15})"?$/.exec(header) ?? [];
  if (digits === null) throw refuse(['If-Match: a version such as "3" is meant.']);
  const matched = Number(digits);
  if (stated !== null && stated !== matched) {
    throw refuse(["version and If-Match name two versions."]);
  }
  return matched;
}
