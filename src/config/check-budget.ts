import type { Budget } from "../core/limits.ts";
import { guessedFormat } from "../core/metering-settings.ts";
import type { Route } from "../core/routes.ts";
import type { Holds } from "./compile-settings.ts";
import { type Finding, type KeyPath, warning } from "./findings.ts";

/** What of a route tells whether a budget can hold its calls. */
export type Costing = Pick<Route, "costNanoUsd" | "metering" | "trustsUpstreamCost" | "path">;

/** What a budget means for the calls of `routes`, which are charged to it; `path` is where it stands. */
export function checkBudget(
  budget: Budget | null,
  routes: readonly Costing[],
  path: KeyPath,
  holds: Holds,
): Finding[] {
  if (budget === null || routes.length === 0) return [];
  if (routes.every((route) => leastHeld(route, holds) > budget.maxNanoUsd)) {
    const message = "no call fits into this budget: every one is refused";
    return [warning(path, message, "Set a larger one, or take it out where none is meant.")];
  }
  const unknown = routes.flatMap(whyUnknown)[0];
  if (unknown === undefined) return [];
  const remedy =
    "Set cost_per_request, provider, or usage and prices: calls of unknown cost hold default_hold while they run and book nothing.";
  return [warning(path, unknown, remedy)];
}

/** Where usage is priced a call may be held for as little as the least hold. */
function leastHeld({ costNanoUsd, metering }: Costing, holds: Holds): number {
  return costNanoUsd ?? (metering === null ? holds.defaultNanoUsd : holds.minNanoUsd);
}

/** Why calls of a route are never booked, or perhaps not; none where there is nothing to fear. */
function whyUnknown({ costNanoUsd, metering, trustsUpstreamCost, path }: Costing): string[] {
  if (costNanoUsd !== null || trustsUpstreamCost) return [];
  if (metering === null) return [`what calls of ${path} cost is not known: replies are not read`];
  if (metering.format.id !== guessedFormat) return [];
  return [
    `what calls of ${path} cost may not be known: of this API only replies that look like another's are read`,
  ];
}
