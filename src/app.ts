import { Elysia } from "elysia";
import type { GatewayError } from "./core/errors.ts";
import type { Caller } from "./core/types.ts";
import type { GatewayDeps } from "./gateway/pipeline.ts";
import { errors } from "./http/errors.ts";
import { gateway } from "./http/gateway.ts";
import { health } from "./http/health.ts";
import { type Operations, operations } from "./http/operations.ts";
import { routes } from "./http/routes.ts";

export interface AppDeps {
  readonly gateway: GatewayDeps;
  readonly adminHosts: () => ReadonlySet<string>;
  readonly operations: Operations;
  /** `SERVER_ROOT_PATH`, without its last slash. */
  readonly rootPath: string;
  readonly failed: (error: GatewayError) => void;
}

/** The composition root of HTTP: which plugins, in which order. One for each listener, which knows its callers. */
export function createApp(deps: AppDeps, callerOf: (request: Request) => Caller) {
  const admin = { rules: deps.gateway.rules, adminHosts: deps.adminHosts, callerOf };
  // `standardHostname: false`: else a short Host header makes Elysia cut the path at the wrong place.
  return new Elysia({ strictPath: true, handler: { standardHostname: false } })
    .use(errors(deps.failed))
    .use(
      new Elysia({ prefix: deps.rootPath })
        .use(health)
        .use(routes(admin))
        .use(operations(admin, deps.operations)),
    )
    .use(gateway(deps.gateway, callerOf));
}
