import { dirname } from "node:path";
import type { StoredEndpoint } from "../core/endpoint-book.ts";
import type { Route } from "../core/routes.ts";
import { checkPath, checkRoute, type RouteChecks } from "./check-route.ts";
import { compileEndpoint, type EndpointContext, servedPath } from "./compile-endpoint.ts";
import { logDefaults } from "./compile-log.ts";
import { type Finding, isFault, type KeyPath } from "./findings.ts";
import type { LoadedConfig } from "./load.ts";
import type { LoadedEndpoint } from "./sound-part.ts";
import { loadStored } from "./stored-endpoints.ts";

/** An endpoint that waits for a variable. */
export interface OffEndpoint {
  readonly path: string;
  readonly unset: readonly string[];
}

/** A route, and where its endpoint stands. */
export interface PlacedRoute {
  readonly route: Route;
  readonly path: KeyPath;
  /** Its id was chosen. */
  readonly named: boolean;
}

/** One endpoint by itself, whatever others there are. */
export interface CompiledOne {
  /** Null where a fault leaves nothing to serve, and where it is off. */
  readonly placed: PlacedRoute | null;
  readonly off: OffEndpoint | null;
  readonly findings: readonly Finding[];
}

/** Compiles the endpoints of one config, and those that are served beside them. */
export interface RouteCompiler {
  readonly rootPath: string;
  /** The file's, in its order. */
  readonly configured: readonly CompiledOne[];
  /** Once for each endpoint: the same object has the same route. `isBeingStored`: what is unsafe is refused. */
  stored(endpoint: StoredEndpoint, isBeingStored: boolean): CompiledOne;
}

/** What an endpoint needs to know that stands in no config. */
export type CompilerSurroundings = Pick<
  EndpointContext,
  "sampleUrl" | "rootPath" | "formats" | "metering" | "reach"
>;

/** All that a route depends on is given here: where any of it is another, so is the compiler. */
export function routeCompiler(
  loaded: LoadedConfig,
  surroundings: CompilerSurroundings,
  checks: RouteChecks,
): RouteCompiler {
  const { general, litellm } = loaded;
  const context: EndpointContext = {
    ...surroundings,
    secretKeys: loaded.secretKeys,
    directory: dirname(loaded.file),
    timeoutMs: (general.pass_through_request_timeout ?? 600) * 1000,
    maxBodyBytes: (general.max_request_size_mb ?? 1024) * 1024 * 1024,
    log: logDefaults(general, litellm),
    tellsCostInStreams: litellm.include_cost_in_streaming_usage === true,
  };
  const known = new WeakMap<StoredEndpoint, CompiledOne>();
  const compileStored = (stored: StoredEndpoint, isBeingStored: boolean) => {
    const { endpoint, findings } = loadStored(stored, isBeingStored);
    if (endpoint === null) return { placed: null, off: null, findings };
    const compiled = compileOne(endpoint, context, checks);
    return { ...compiled, findings: [...findings, ...compiled.findings] };
  };
  return {
    rootPath: surroundings.rootPath,
    configured: loaded.endpoints.map((one) => compileOne(one, context, checks)),
    stored: (stored, isBeingStored) => {
      if (isBeingStored) return compileStored(stored, true);
      const before = known.get(stored);
      const compiled = before ?? compileStored(stored, false);
      if (before === undefined) known.set(stored, compiled);
      return compiled;
    },
  };
}

function compileOne(
  one: LoadedEndpoint,
  context: EndpointContext,
  checks: RouteChecks,
): CompiledOne {
  const { endpoint, path, partial, unset } = one;
  if (unset.length > 0) {
    return { placed: null, off: { path: context.rootPath + endpoint.path, unset }, findings: [] };
  }
  const { route, findings } = compileEndpoint(one, context);
  const told = findings.filter((finding) => !partial || isFault(finding));
  if (route === null || partial) {
    const served = { path: servedPath(endpoint, context.rootPath), includeSubpath: false };
    const own = checkPath(served, [...path, "path"], checks.adminPaths);
    return { placed: null, off: null, findings: [...told, ...own] };
  }
  return {
    placed: { route, path, named: endpoint.id !== undefined },
    off: null,
    findings: [...told, ...checkRoute(route, path, checks)],
  };
}
