/** Paths of the admin API: no endpoint may take one of them. */
export const adminPaths = [
  "/config/reload",
  "/health/backlog",
  "/health/liveliness",
  "/health/liveness",
  "/health/readiness",
  "/routes",
] as const;
