import type { RouteReply } from "../../replies.ts";
import { sentPath } from "./order.ts";

type Matched = Pick<RouteReply, "path" | "methods" | "include_subpath">;

/** The route that will serve a path: its own before what is below one, the longest of these, those of a method first. */
export function routeFor<R extends Matched>(
  routes: readonly R[],
  method: string,
  typedPath: string,
): R | null {
  const [path = ""] = sentPath(typedPath).split("?");
  const serving = routes.filter((route) => serves(route, path));
  const rank = (route: R) =>
    (route.path === path ? 1_000_000 : 0) +
    route.path.length * 2 +
    (route.methods === null ? 0 : 1);
  const taking = serving.filter(({ methods }) => methods === null || methods.includes(method));
  return [...taking].sort((a, b) => rank(b) - rank(a))[0] ?? null;
}

function serves({ path: own, include_subpath: isWide }: Matched, path: string): boolean {
  if (path === own) return true;
  return isWide && path.startsWith(own.endsWith("/") ? own : `${own}/`);
}
