import { dirname } from "node:path";
import { type Route, RouteConflict, RouteTable } from "../core/routes.ts";
import { checkRoute, type RouteChecks } from "./check-route.ts";
import { logDefaults } from "./compile-log.ts";
import type { ConfiguredEndpoint } from "../core/configured-endpoint.ts";
import { compileEndpoint, type EndpointContext, idOf } from "./compile-endpoint.ts";
import { type Finding, fault, isFault, type KeyPath, keyOf } from "./findings.ts";
import type { LoadedConfig } from "./load.ts";
import type { LoadedEndpoint } from "./sound-part.ts";
import { type LoadedStored, placeOf, storedIdOf } from "./stored-endpoints.ts";
import { isRecord, valueAt } from "./walk.ts";

/** An endpoint that waits for a variable. */
export interface OffEndpoint {
  readonly path: string;
  readonly unset: readonly string[];
}

export interface CompiledRoutes {
  /** Of those endpoints that can be served, and that no other one rivals. */
  readonly table: RouteTable;
  readonly off: readonly OffEndpoint[];
  /** All of the file's endpoints, in its order. */
  readonly configured: readonly ConfiguredEndpoint[];
  readonly findings: readonly Finding[];
}

type Surroundings = Pick<
  EndpointContext,
  "sampleUrl" | "rootPath" | "formats" | "metering" | "reach"
>;

/** Every endpoint of the file, and of those made through the API, as its route: checked at its place and against all others. */
export function compileRoutes(
  loaded: LoadedConfig,
  stored: LoadedStored,
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
  const findings: Finding[] = [...stored.findings];
  const off: OffEndpoint[] = [];
  for (const one of [...loaded.endpoints, ...stored.endpoints]) {
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
  findings.push(...idFaults(own), ...shadowFaults(own));
  const { table, conflicts } = tableOf(
    new Map(own.map(({ route, path }) => [route, path])),
    loaded,
  );
  const ids = new Map(own.map(({ route, path }) => [keyOf(path), route.id]));
  const configured = loaded.endpoints.map((one) => configuredOf(one, loaded, rootPath, ids));
  return { table, off, configured, findings: [...findings, ...conflicts] };
}

function configuredOf(
  { endpoint, path, unset }: LoadedEndpoint,
  loaded: LoadedConfig,
  rootPath: string,
  ids: ReadonlyMap<string, string>,
): ConfiguredEndpoint {
  const written = valueAt(loaded.raw, path);
  return {
    id: ids.get(keyOf(path)) ?? idOf(endpoint, rootPath),
    settings: isRecord(written) ? written : {},
    file: loaded.file,
    line: loaded.locate(path).line,
    unset,
  };
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
      const message = `the id ${one.route.id} is that of ${placeOf(first.path)} too`;
      findings.push(fault([...one.path, "id"], message, "Give one of them another id."));
    }
  }
  return findings;
}

/** What the file says of a path holds: no endpoint made through the API takes the bare path from a prefix of the file. */
function shadowFaults(served: readonly Served[]): Finding[] {
  const configured = served.filter(({ route }) => route.owner === "config");
  return served
    .filter(({ route }) => route.owner === "api")
    .flatMap(({ route, path }) => {
      const rival = configured.find(({ route: other }) => shadows(route, other));
      if (rival === undefined) return [];
      const message = `${route.path} is served by ${keyOf(rival.path)} too`;
      return [fault([...path, "path"], message, "Choose another path, or change it there.")];
    });
}

function shadows(a: Route, b: Route): boolean {
  if (a.path !== b.path || a.includeSubpath === b.includeSubpath) return false;
  const [first, second] = [a.methods, b.methods];
  return first === null || second === null || [...first].some((method) => second.has(method));
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
      const where = storedIdOf({ path: first }) === null ? ` (line ${locate(first).line})` : "";
      const message = `${error.second.path} is served by ${placeOf(first)}${where} too`;
      const remedy = "Give one of them another path or other methods.";
      conflicts.push(fault([...second, "path"], message, remedy));
    }
  }
}
