import type { ConfiguredEndpoint } from "../core/configured-endpoint.ts";
import type { StoredEndpoint } from "../core/endpoint-book.ts";
import { type Route, RouteConflict, RouteTable } from "../core/routes.ts";
import { idOf } from "./compile-endpoint.ts";
import { type Finding, fault, type KeyPath, keyOf } from "./findings.ts";
import type { LoadedConfig } from "./load.ts";
import type { OffEndpoint, PlacedRoute, RouteCompiler } from "./route-compiler.ts";
import type { LoadedEndpoint } from "./sound-part.ts";
import { ownerName, storedIdOf } from "./stored-endpoints.ts";
import { isRecord, valueAt } from "./walk.ts";

export interface CompiledRoutes {
  /** Of those endpoints that can be served, and that no other one rivals. */
  readonly table: RouteTable;
  readonly off: readonly OffEndpoint[];
  /** All of the file's endpoints, in its order. */
  readonly configured: readonly ConfiguredEndpoint[];
  readonly findings: readonly Finding[];
}

/**
 * Every endpoint of the file, and of those made through the API, as its route: each by itself, and then against all
 * others. `changed`: the one of the API's that is about to be stored, if any.
 */
export function compileRoutes(
  loaded: LoadedConfig,
  stored: readonly StoredEndpoint[],
  changed: string | null,
  compiler: RouteCompiler,
): CompiledRoutes {
  const all = [
    ...compiler.configured,
    ...stored.map((one) => compiler.stored(one, one.id === changed)),
  ];
  const own = withOwnIds(all.flatMap(({ placed }) => placed ?? []));
  const { table, conflicts } = tableOf(
    new Map(own.map(({ route, path }) => [route, path])),
    loaded,
  );
  const findings = all.flatMap((one) => one.findings);
  return {
    table,
    off: all.flatMap(({ off }) => off ?? []),
    configured: configuredOnes(loaded, own, compiler.rootPath),
    findings: [...findings, ...idFaults(own), ...shadowFaults(own), ...conflicts],
  };
}

function configuredOnes(
  loaded: LoadedConfig,
  served: readonly PlacedRoute[],
  rootPath: string,
): readonly ConfiguredEndpoint[] {
  const configured = served.filter(({ route }) => route.owner === "config");
  const ids = new Map(configured.map(({ route, path }) => [keyOf(path), route.id]));
  return loaded.endpoints.map((one) => configuredOf(one, loaded, rootPath, ids));
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

/** An exact path and the prefix of the same name are two routes. */
function withOwnIds(served: readonly PlacedRoute[]): PlacedRoute[] {
  const exact = new Set(served.flatMap(({ route }) => (route.includeSubpath ? [] : [route.id])));
  return served.map((one) =>
    !one.named && one.route.includeSubpath && exact.has(one.route.id)
      ? { ...one, route: { ...one.route, id: `${one.route.id}/*` } }
      : one,
  );
}

/** Ids that were derived are the same only where the paths are, which is told as a conflict of those. */
function idFaults(served: readonly PlacedRoute[]): Finding[] {
  const owners = new Map<string, PlacedRoute>();
  const findings: Finding[] = [];
  for (const one of served) {
    const first = owners.get(one.route.id);
    if (first === undefined) owners.set(one.route.id, one);
    else if (first.named || one.named) {
      const message = `the id ${one.route.id} is that of ${ownerName(first.path)} too`;
      findings.push(fault([...one.path, "id"], message, "Give one of them another id."));
    }
  }
  return findings;
}

/** What the file says of a path holds: no endpoint made through the API takes the bare path from a prefix of the file. */
function shadowFaults(served: readonly PlacedRoute[]): Finding[] {
  const configured = Map.groupBy(
    served.filter(({ route }) => route.owner === "config"),
    ({ route }) => route.path,
  );
  return served
    .filter(({ route }) => route.owner === "api")
    .flatMap(({ route, path }) => {
      const rival = configured.get(route.path)?.find(({ route: other }) => shadows(route, other));
      if (rival === undefined) return [];
      const message = `${route.path} is served by ${keyOf(rival.path)} too`;
      return [fault([...path, "path"], message, "Choose another path, or change it there.")];
    });
}

/** Of one path: whether a request of both can be. */
function shadows(a: Route, b: Route): boolean {
  if (a.includeSubpath === b.includeSubpath) return false;
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
      const message = `${error.second.path} is served by ${ownerName(first)}${where} too`;
      const remedy = "Give one of them another path or other methods.";
      conflicts.push(fault([...second, "path"], message, remedy));
    }
  }
}
