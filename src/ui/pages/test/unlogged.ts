import type { EndEvent } from "./events.ts";

/** What calls are refused with before it is known who calls. */
const codes: ReadonlySet<string> = new Set([
  "address_not_allowed",
  "gateway_stopped",
  "key_invalid",
  "key_unavailable",
  "method_not_allowed",
  "overloaded",
  "path_invalid",
  "route_not_found",
  "too_many_failures",
]);

/** Whether a call that ended has no row in the logs. */
export function isUnlogged({ error }: Pick<EndEvent, "error">): boolean {
  return error !== null && codes.has(error.code);
}
