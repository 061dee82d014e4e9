/** Paths of the admin API: no endpoint may take one of them. `{name}` stands for one segment, whatever it is. */
export const adminPaths = [
  "/audit",
  "/config/reload",
  "/docs/api",
  "/global/latency",
  "/global/spend/report",
  "/health/backlog",
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
  "/spend/calculate",
  "/spend/logs",
  "/spend/logs/export",
  "/spend/logs/ui",
  "/spend/logs/ui/{request_id}",
  "/spend/logs/ui/{request_id}/curl",
  "/spend/logs/v2",
  "/spend/refusals",
  "/spend/tags",
  "/team/delete",
  "/team/info",
  "/team/list",
  "/team/new",
  "/team/update",
] as const;

/** Whether a path belongs to the admin API under `rootPath`. Asked for every request, so made once. */
export function adminPathTest(rootPath: string): (path: string) => boolean {
  const plain = new Set(adminPaths.filter((path) => !path.includes("{")).map(under));
  const shapes = adminPaths
    .filter((path) => path.includes("{"))
    .map((path) => pattern(under(path)));
  const shaped = new RegExp(`^(?:${shapes.join("|")})$`);
  return (path) => plain.has(path) || shaped.test(path);

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
