import type { KeyReply } from "../../replies.ts";

type Allowed = Pick<KeyReply, "allowed_routes" | "allowed_passthrough_routes" | "user_role">;

/** Whether a key's own lists let it call a route, by the route's path. Its team's lists are not looked at. */
export function callable(path: string, key: Allowed): boolean {
  if (key.user_role === "proxy_admin") return true;
  const { allowed_routes: paths, allowed_passthrough_routes: routes } = key;
  const isRoute = routes.length === 0 || routes.some((entry) => covers(entry, path));
  const isPath =
    paths.length === 0 || paths.some((entry) => entry === "llm_api_routes" || covers(entry, path));
  return isRoute && isPath;
}

function covers(entry: string, path: string): boolean {
  if (entry === "/*" || entry === path) return true;
  const base = entry.replace(/\/\*?$/, "");
  return base !== "" && (path === base || path.startsWith(`${base}/`));
}
