/** The page of a route. `new` is a page of its own. */
export function routeHref(id: string): string {
  return `/routes/${id === "new" ? "%6Eew" : encodeURIComponent(id)}`;
}

/** The id in the browser's own path, before a router has decoded it; null on the page that makes a route. */
export function routeIdOf(pathname: string): string | null {
  const [, last = "new"] = /\/ui\/routes\/([^/]+)\/?$/.exec(pathname) ?? [];
  if (last === "new") return null;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** The tester with a route chosen. */
export function testHref(routeId: string): string {
  return `/test?route=${encodeURIComponent(routeId)}`;
}

/** The logs of a route alone. */
export function routeLogsHref(routeId: string): string {
  return `/logs?route=${encodeURIComponent(routeId)}`;
}

/** The page of a call; `filters` lead back to the list, and to the calls before and after it there. */
export function callHref(id: string, filters = ""): string {
  return `/logs/${encodeURIComponent(id)}${filters === "" ? "" : `?${filters}`}`;
}

/** The page of a key. */
export function keyHref(id: string): string {
  return `/keys/${encodeURIComponent(id)}`;
}

/** The page of a team. */
export function teamHref(id: string): string {
  return `/teams/${encodeURIComponent(id)}`;
}
