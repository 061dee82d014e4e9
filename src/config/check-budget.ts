import type { Budget } from "../core/limits.ts";
import type { NanoUsd } from "../core/money.ts";
import type { Route } from "../core/routes.ts";
import { type Finding, type KeyPath, warning } from "./findings.ts";

/** What a budget means for the calls of `routes`, which are charged to it; `path` is where it stands. */
export function checkBudget(
  budget: Budget | null,
  routes: readonly Pick<Route, "costNanoUsd">[],
  path: KeyPath,
  defaultHold: NanoUsd,
): Finding[] {
  if (budget === null || routes.length === 0) return [];
  if (routes.every(({ costNanoUsd }) => (costNanoUsd ?? defaultHold) > budget.maxNanoUsd)) {
    const message = "no call fits into this budget: every one is refused";
    return [warning(path, message, "Set a larger one, or take it out where none is meant.")];
  }
  if (routes.every(({ costNanoUsd }) => costNanoUsd !== null)) return [];
  const message = "not in this version: prices by usage; only cost_per_request is money";
  const remedy = "Calls of unknown cost hold default_hold while they run and book nothing.";
  return [warning(path, message, remedy, "not yet")];
}
