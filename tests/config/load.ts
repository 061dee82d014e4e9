import { checkText } from "../../src/cli/check.ts";
import { isFault } from "../../src/config/findings.ts";
import { loadConfig } from "../../src/config/load.ts";
import { buildRuntime } from "../../src/runtime.ts";

export interface Place {
  readonly env?: Record<string, string>;
  readonly addresses?: readonly string[];
  readonly port?: number;
  /** Where the file stands, for paths relative to it. */
  readonly file?: string;
}

/** Reads and builds a config as a start does, in this process. */
export function build(yaml: string, place: Place = {}) {
  const env = place.env ?? {};
  const loaded = loadConfig(yaml, place.file ?? "config.yaml", { env });
  const built = buildRuntime(loaded, {
    env,
    addresses: place.addresses ?? ["127.0.0.1"],
    port: place.port ?? 4000,
    sampleUrl: () => "http://127.0.0.1:9",
    keys: { find: () => null, team: () => null },
  });
  const lines = (faults: boolean) =>
    built.findings.filter((finding) => isFault(finding) === faults).map(loaded.describe);
  return {
    runtime: built.runtime,
    routes: built.routes,
    off: built.off,
    faults: lines(true),
    warnings: lines(false),
    report: checkText(loaded, built),
  };
}

/** The one route of a config that has one endpoint and no fault. */
export function onlyRoute(yaml: string, place: Place = {}) {
  const { runtime, faults } = build(yaml, place);
  const [route, ...others] = runtime?.rules.routes.all ?? [];
  if (route === undefined || others.length > 0)
    throw new Error(`no such route\n${faults.join("\n")}`);
  return route;
}

/** A config of these endpoints, indented by four. */
export function routes(endpoints: string, before = ""): string {
  return `general_settings:\n${before}  pass_through_endpoints:\n${endpoints}`;
}

/** A config of one endpoint to an upstream that is never called, with these further lines, indented by six. */
export function route(more: string): string {
  return routes(`    - path: /x\n      target: https://up.example/y\n${more}`);
}
