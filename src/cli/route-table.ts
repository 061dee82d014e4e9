import type { Route } from "../core/routes.ts";
import { table } from "./table.ts";

const authWords = {
  key: "key",
  local: "key, or this machine",
  anyone: "anyone",
} as const;

/** The routes as they are served, then those that are off, with the reason. */
export function routeTable(
  routes: readonly Route[],
  off: readonly { readonly path: string; readonly unset: readonly string[] }[],
): string[] {
  const rows = routes.map((route) => [
    route.methods === null ? "any" : [...route.methods].join(","),
    route.path + (route.includeSubpath ? (route.path === "/" ? "*" : "/*") : ""),
    route.label,
    authWords[route.auth],
  ]);
  for (const { path, unset } of off) {
    rows.push(["-", path, `off (${unset.join(", ")} not set)`, ""]);
  }
  return table([["METHOD", "PATH", "TARGET", "WHO MAY CALL"], ...rows]);
}
