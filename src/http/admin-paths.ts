/** Paths of the admin API: no endpoint may take one of them. `{name}` stands for one segment, whatever it is. */
export const adminPaths = [
  "/audit",
  "/config/pass_through_endpoint",
  "/config/pass_through_endpoint/schema",
  "/config/pass_through_endpoint/team/{team_id}",
  "/config/pass_through_endpoint/{endpoint_id}",
  "/config/reload",
  "/config/report",
  "/config/rotate_key",
  "/docs/api",
  "/global/latency",
  "/global/spend/report",
  "/health/backlog",
  "/health/budgets",
  "/health/credentials",
  "/health/liveliness",
  "/health/liveness",
  "/health/readiness",
  "/key/block",
  "/key/delete",
  "/key/generate",
  "/key/import",
  "/key/info",
  "/key/list",
  "/key/regenerate",
  "/key/unblock",
  "/key/update",
  "/key/{key}/regenerate",
  "/metrics",
  "/openapi.json",
  "/routes",
  "/routes/activity",
  "/spend/calculate",
  "/spend/logs",
  "/spend/logs/export",
  "/spend/logs/ui",
  "/spend/logs/ui/{request_id}",
  "/spend/logs/ui/{request_id}/cost",
  "/spend/logs/ui/{request_id}/curl",
  "/spend/logs/v2",
  "/spend/refusals",
  "/spend/tags",
  "/spend/unpriced",
  "/team/delete",
  "/team/info",
  "/team/list",
  "/team/new",
  "/team/update",
  "/ui/session",
  "/ui/sessions",
  "/ui/test",
] as const;

/** The page for admins: it, and whatever is below it. */
export const pagePath = "/ui";

/** What no endpoint may take under `rootPath`: an entry that ends in `/*` is a path and all that is below it. */
export function takenPaths(rootPath: string): string[] {
  return [...adminPaths, `${pagePath}/*`].map((path) => rootPath + path);
}

/** Whether a path belongs to the admin API under `rootPath`. Asked for every request, so made once. */
export function adminPathTest(rootPath: string): (path: string) => boolean {
  const plain = new Set(adminPaths.filter((path) => !path.includes("{")).map(under));
  const shapes = adminPaths
    .filter((path) => path.includes("{"))
    .map((path) => pattern(under(path)));
  const shaped = new RegExp(`^(?:${shapes.join("|")})$`);
  const page = under(pagePath);
  const belowPage = `${page}/`;
  return (path) =>
    plain.has(path) || path === page || path.startsWith(belowPage) || shaped.test(path);

  function under(path: string): string {
    return rootPath + path;
  }
}

function pattern(path: string): string {
  const segments = path.split("/");
  const patterns = segments.map((segment) =>
    segment.startsWith("{") ? "[^/]+" : segment.replace(/[^\w-]/g, "\\$&"),
  );
  return patterns.join("/");
}
