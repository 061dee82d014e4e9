import { Elysia } from "elysia";
import type { GatewayError } from "./core/errors.ts";
import type { Entrance } from "./core/types.ts";
import type { GatewayDeps } from "./gateway/pipeline.ts";
import { errors } from "./http/errors.ts";
import { health } from "./http/health.ts";
import { type Operations, operations } from "./http/operations.ts";
import { routes } from "./http/routes.ts";

export interface AppDeps {
  readonly gateway: GatewayDeps;
  readonly adminHosts: () => ReadonlySet<string>;
  readonly operations: Operations;
  /** `SERVER_ROOT_PATH`, without its last slash. */
  readonly rootPath: string;
  /** Told of every failure of ours, with the id that the caller was given. */
  readonly failed: (error: GatewayError, id: string) => void;
}

/**
 * The composition root of the admin API: which plugins, in which order. It sees the paths of `adminPaths` and no
 * others: the data plane does without a framework, which would cost it two promises and a context per call.
 */
export function createApp(deps: AppDeps, entrance: Entrance) {
  const admin = { rules: deps.gateway.rules, adminHosts: deps.adminHosts, entrance };
  return new Elysia({ strictPath: true })
    .use(errors(deps.failed))
    .use(
      new Elysia({ prefix: deps.rootPath })
        .use(health)
        .use(routes(admin))
        .use(operations(admin, deps.operations)),
    );
}
