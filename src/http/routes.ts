import { Elysia } from "elysia";
import type { Route } from "../core/routes.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { adminRoute } from "./operation.ts";

/** `GET /routes`: what is served, in the order of the config. Never a header's value, never a target's query. */
export const routes = (deps: AdminDeps) =>
  new Elysia({ name: "routes" }).use(adminAuth(deps)).get(
    "/routes",
    () => Response.json({ routes: deps.rules().routes.all.map(shown) }),
    adminRoute({
      tag: "operations",
      summary: "What is served",
      description: "In the order of the config; without any header's value or target's query.",
    }),
  );

const authWords = { key: true, local: null, anyone: false } as const;

function shown(route: Route) {
  return {
    id: route.id,
    path: route.path,
    include_subpath: route.includeSubpath,
    methods: route.methods === null ? null : [...route.methods],
    target: route.label,
    auth: authWords[route.auth],
    headers: Object.keys(route.headers.fixed),
    forward_headers: route.headers.forward,
  };
}
