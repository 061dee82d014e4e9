import { GatewayError } from "../core/errors.ts";
import type { ServedRoute } from "./openapi.ts";

type Served = Pick<ServedRoute, "method" | "path">;

/**
 * What a 404 of the framework's should have been: `method_not_allowed` with the methods that are taken, where a path
 * is served, but not with this method; null where that was not it.
 */
export function wrongMethod(
  method: string,
  path: string,
  served: readonly Served[],
): GatewayError | null {
  const taken = new Set(served.filter((route) => isAt(route.path, path)).map((one) => one.method));
  if (taken.has("GET")) taken.add("HEAD");
  if (taken.size === 0 || taken.has(method) || taken.has("ALL")) return null;
  return new GatewayError("method_not_allowed", { headers: { allow: [...taken].join(", ") } });
}

/** A segment that begins with `:` is any but an empty one; `*` is all that follows. */
function isAt(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const segments = path.split("/");
  if (wanted.at(-1) === "*") return path.startsWith(pattern.slice(0, -1));
  return (
    wanted.length === segments.length &&
    wanted.every((one, at) => (one.startsWith(":") ? segments[at] !== "" : one === segments[at]))
  );
}
