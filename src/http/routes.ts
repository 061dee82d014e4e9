import { Elysia } from "elysia";
import type { ConfiguredEndpoint } from "../core/configured-endpoint.ts";
import { usdOfNano } from "../core/money.ts";
import type { Route } from "../core/routes.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { adminRoute } from "./operation.ts";

/**
 * `GET /routes`: what is served, in the order of the config, then what was made through the API. Never a header's
 * value, never a target's query.
 */
export const routes = (
  deps: AdminDeps,
  configured: () => readonly ConfiguredEndpoint[] = () => [],
) =>
  new Elysia({ name: "routes" }).use(adminAuth(deps)).get(
    "/routes",
    () => {
      const places = new Map(configured().map((one) => [one.id, one]));
      const shown = deps.rules().routes.all.map((route) => ({
        ...shape(route),
        ...positionOf(route, places),
      }));
      return Response.json({ routes: shown });
    },
    adminRoute({
      tag: "operations",
      summary: "What is served",
      description:
        "In the order of the config, then what was made through the API; without any header's value or target's query.",
    }),
  );

const authValues = { key: true, local: null, anyone: false } as const;

const authWords = { key: "key", local: "key, or this machine", anyone: "anyone" } as const;

function shape(route: Route) {
  const { budget } = route.limits;
  return {
    id: route.id,
    path: route.path,
    include_subpath: route.includeSubpath,
    methods: route.methods === null ? null : [...route.methods],
    target: route.label,
    auth: authValues[route.auth],
    who_may_call: authWords[route.auth],
    headers: Object.keys(route.headers.fixed),
    forward_headers: route.headers.forward,
    owner: route.owner,
    cost_per_request: route.costNanoUsd === null ? null : usdOfNano(route.costNanoUsd),
    metered: route.metering !== null,
    log: route.bodyLogging !== null ? "bodies" : route.keepsRows ? "metadata" : "off",
    rpm_limit: route.limits.rpm,
    tpm_limit: route.limits.tpm,
    max_parallel_requests: route.limits.parallel,
    max_budget: budget === null ? null : usdOfNano(budget.maxNanoUsd),
  };
}

/** Where the config has it; nothing for a route that was made through the API. */
function positionOf({ id, owner }: Route, places: ReadonlyMap<string, ConfiguredEndpoint>) {
  const place = owner === "config" ? places.get(id) : undefined;
  return place === undefined ? {} : { file: place.file, line: place.line };
}
