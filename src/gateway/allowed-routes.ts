import { GatewayError } from "../core/errors.ts";
import type { Principal } from "../core/key-record.ts";
import type { Route } from "../core/routes.ts";

/** LiteLLM's name for all that is no management: every route of the gateway. */
const everyRoute = "llm_api_routes";

/**
 * Throws `route_not_allowed` where the key may not use the route. Of `allowed_passthrough_routes` the key's own list
 * counts, or its team's where it has none; of `allowed_routes` likewise; where there are both, both hold. The master
 * key and admin keys may use every route.
 *
 * An entry is a path as the config writes it, and stands for what is below it too, with or without `/*`; `/` stands
 * for the route of that path alone, `/*` for everything. `llm_api_routes` in `allowed_routes` stands for every route.
 * LiteLLM's other groups name endpoints of its own (`management_routes`, `info_routes`, `openai_routes`), none of
 * which is a route here: they allow none.
 */
export function checkAllowed(
  principal: Principal,
  route: Route,
  path: string,
  rootPath = "",
): void {
  if (principal.kind !== "key") return;
  const { key, team } = principal;
  if (key.role === "proxy_admin") return;
  const place = { route: withoutRoot(route.path, rootPath), path: withoutRoot(path, rootPath) };
  const passThrough = listOf(key.allowedPassThroughRoutes, team?.allowedPassThroughRoutes);
  if (passThrough.length > 0 && !passThrough.some((entry) => covers(entry, place))) {
    throw refusal("allowed_passthrough_routes", key.allowedPassThroughRoutes);
  }
  const routes = listOf(key.allowedRoutes, team?.allowedRoutes);
  if (routes.length === 0) return;
  if (!routes.some((entry) => entry === everyRoute || covers(entry, place))) {
    throw refusal("allowed_routes", key.allowedRoutes);
  }
}

const none: readonly string[] = [];

function listOf(own: readonly string[], ofTeam: readonly string[] | undefined): readonly string[] {
  return own.length > 0 ? own : (ofTeam ?? none);
}

function withoutRoot(path: string, rootPath: string): string {
  return rootPath !== "" && path.startsWith(`${rootPath}/`) ? path.slice(rootPath.length) : path;
}

interface Place {
  readonly route: string;
  readonly path: string;
}

function covers(entry: string, { route, path }: Place): boolean {
  if (!entry.startsWith("/")) return false;
  if (entry === "/*" || entry === path || entry === route) return true;
  const base = entry.replace(/\/\*?$/, "");
  return base !== "" && (path === base || path.startsWith(`${base}/`));
}

function refusal(list: string, own: readonly string[]): GatewayError {
  const whose = own.length > 0 ? "The key's" : "Its team's";
  return new GatewayError("route_not_allowed", { detail: `${whose} ${list} leave it out.` });
}
