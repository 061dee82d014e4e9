import type { Limits } from "../core/limits.ts";
import type { Route } from "../core/routes.ts";
import { limitsText, usdText } from "./limits-text.ts";
import { table } from "./table.ts";

const authWords = {
  key: "key",
  local: "key, or this machine",
  anyone: "anyone",
} as const;

/** The routes as they are served, with their limits where there are any; then those that are off, with the reason. */
export function routeTable(
  routes: readonly Route[],
  off: readonly { readonly path: string; readonly unset: readonly string[] }[],
): string[] {
  const rows = routes.map((route) => [
    route.methods === null ? "any" : [...route.methods].join(","),
    route.path + (route.includeSubpath ? (route.path === "/" ? "*" : "/*") : ""),
    route.label,
    authWords[route.auth],
    termsOf(route),
  ]);
  for (const { path, unset } of off) {
    rows.push(["-", path, `off (${unset.join(", ")} not set)`, "", ""]);
  }
  const limited = rows.some((row) => row[4] !== "");
  const head = ["METHOD", "PATH", "TARGET", "WHO MAY CALL", "LIMITS AND COST"];
  return table([head, ...rows].map((row) => (limited ? row : row.slice(0, 4))));
}

/** What all routes together may use, as a line; none where that is not limited. */
export function everybodyLines(limits: Limits): string[] {
  const text = limitsText(limits);
  return text === "" ? [] : [`All routes together: ${text}`];
}

function termsOf({ limits, costNanoUsd }: Route): string {
  const cost = costNanoUsd === null ? "" : `${usdText(costNanoUsd)} a reply`;
  return [limitsText(limits), cost].filter((part) => part !== "").join(", ");
}
