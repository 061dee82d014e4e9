import { dirname } from "node:path";
import { type Route, RouteConflict, RouteTable } from "../core/routes.ts";
import { checkRoute, type RouteChecks } from "./check-route.ts";
import { logDefaults } from "./compile-log.ts";
import { compileEndpoint, type EndpointContext } from "./compile-endpoint.ts";
import { type Finding, fault, isFault, type KeyPath, keyOf } from "./findings.ts";
import type { LoadedConfig } from "./load.ts";

/** An endpoint that waits for a variable. */
export interface OffEndpoint {
  readonly path: string;
  readonly unset: readonly string[];
}

export interface CompiledRoutes {
  /** Of those endpoints that can be served, and that no other one rivals. */
  readonly table: RouteTable;
  readonly off: readonly OffEndpoint[];
  readonly findings: readonly Finding[];
}

type Surroundings = Pick<EndpointContext, "sampleUrl" | "rootPath" | "formats" | "metering">;

/** Every endpoint as its route, checked at its place and against all others. */
export function compileRoutes(
  loaded: LoadedConfig,
  surroundings: Surroundings,
  checks: RouteChecks,
): CompiledRoutes {
  const { general, litellm } = loaded;
  const { rootPath } = surroundings;
  const context: EndpointContext = {
    ...surroundings,
    secretKeys: loaded.secretKeys,
    directory: dirname(loaded.file),
    timeoutMs: (general.pass_through_request_timeout ?? 600) * 1000,
    maxBodyBytes: (general.max_request_size_mb ?? 1024) * 1024 * 1024,
    log: logDefaults(general, litellm),
    tellsCostInStreams: litellm.include_cost_in_streaming_usage === true,
  };
  const served: Served[] = [];
  const findings: Finding[] = [];
  const off: OffEndpoint[] = [];
  for (const one of loaded.endpoints) {
    if (one.unset.length > 0) {
      off.push({ path: rootPath + one.endpoint.path, unset: one.unset });
      continue;
    }
    const { route, findings: found } = compileEndpoint(one, context);
    findings.push(...found.filter((finding) => !one.partial || isFault(finding)));
    if (route === null || one.partial) continue;
    findings.push(...checkRoute(route, one.path, checks));
    served.push({ route, path: one.path, named: one.endpoint.id !== undefined });
  }
  const own = withOwnIds(served);
  findings.push(...idFaults(own));
  const { table, conflicts } = tableOf(
    new Map(own.map(({ route, path }) => [route, path])),
    loaded,
  );
  return { table, off, findings: [...findings, ...conflicts] };
}

interface Served {
  readonly route: Route;
  readonly path: KeyPath;
  /** Its id stands in the file. */
  readonly named: boolean;
}

/** An exact path and the prefix of the same name are two routes. */
function withOwnIds(served: readonly Served[]): Served[] {
  const exact = new Set(served.flatMap(({ route }) => (route.includeSubpath ? [] : [route.id])));
  return served.map((one) =>
    !one.named && one.route.includeSubpath && exact.has(one.route.id)
      ? { ...one, route: { ...one.route, id: `${one.route.id}/*` } }
      : one,
  );
}

/** Ids that were derived are the same only where the paths are, which is told as a conflict of those. */
function idFaults(served: readonly Served[]): Finding[] {
  const owners = new Map<string, Served>();
  const findings: Finding[] = [];
  for (const one of served) {
    const first = owners.get(one.route.id);
    if (first === undefined) owners.set(one.route.id, one);
    else if (first.named || one.named) {
      const message = `the id ${one.route.id} is that of ${keyOf(first.path)} too`;
      findings.push(fault([...one.path, "id"], message, "Give one of them another id."));
    }
  }
  return findings;
}

/** One fault for each route that an earlier one rivals. */
function tableOf(places: ReadonlyMap<Route, KeyPath>, { locate }: LoadedConfig) {
  const conflicts: Finding[] = [];
  const routes = new Set(places.keys());
  for (;;) {
    try {
      return { table: new RouteTable([...routes]), conflicts };
    } catch (error) {
      if (!(error instanceof RouteConflict)) throw error;
      routes.delete(error.second);
      const first = places.get(error.first) ?? [];
      const second = places.get(error.second) ?? [];
      const message = `${error.second.path} is served by ${keyOf(first)} (line ${locate(first).line}) too`;
      const remedy = "Give one of them another path or other methods.";
      conflicts.push(fault([...second, "path"], message, remedy));
    }
  }
}
