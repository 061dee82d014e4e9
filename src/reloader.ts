import type { Finding } from "./config/findings.ts";
import { loadConfig, type LoadedConfig } from "./config/load.ts";
import type { ConfigSource } from "./config/source.ts";
import type { Route } from "./core/routes.ts";
import type { Log } from "./logging/log.ts";
import { buildRuntime, type Runtime, type Surroundings } from "./runtime.ts";

/** A config read and built; the findings as lines for people. */
export interface Attempt {
  /** Null where there are faults. */
  readonly runtime: Runtime | null;
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

/** Reads a config and builds what it says. Never throws. */
export function attempt(source: ConfigSource, surroundings: Surroundings): Attempt {
  let text: string;
  try {
    text = source.read();
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    const fault = `${source.file}: cannot be read (${reason}). tollgate init writes one.`;
    return { runtime: null, faults: [fault], warnings: [] };
  }
  const loaded = loadConfig(text, source.file, { env: surroundings.env });
  const { runtime, findings } = buildRuntime(loaded, surroundings);
  return {
    runtime,
    faults: linesOf(loaded, findings, "fault"),
    warnings: linesOf(loaded, findings, "warning"),
  };
}

function linesOf(
  loaded: LoadedConfig,
  findings: readonly Finding[],
  severity: Finding["severity"],
): string[] {
  return findings.filter((finding) => finding.severity === severity).map(loaded.describe);
}

/** The runtime in force, and how it is replaced. */
export interface Reloader {
  current(): Runtime;
  /** Validates, builds, swaps; with faults the old runtime stays. `reason` is for the log. */
  reload(reason: string): Attempt;
}

export function createReloader(first: Runtime, again: () => Attempt, log: Log): Reloader {
  let runtime = first;
  return {
    current: () => runtime,
    reload: (reason) => {
      const next = again();
      if (next.runtime === null) {
        log.error("reload_failed", { reason, faults: next.faults });
        return next;
      }
      const changes = differences(runtime, next.runtime);
      runtime = next.runtime;
      for (const warning of next.warnings) log.warn("config", { message: warning });
      log.info("reloaded", { reason, routes: runtime.rules.routes.all.length, ...changes });
      return next;
    },
  };
}

/** Which routes came, went or changed, by id. */
function differences(before: Runtime, after: Runtime) {
  const old = new Map(before.rules.routes.all.map((route) => [route.id, asText(route)]));
  const added: string[] = [];
  const changed: string[] = [];
  for (const route of after.rules.routes.all) {
    const was = old.get(route.id);
    if (was === undefined) added.push(route.id);
    else if (was !== asText(route)) changed.push(route.id);
    old.delete(route.id);
  }
  return { added, changed, removed: [...old.keys()] };
}

/** Sets and all, so that two routes can be compared. */
function asText(route: Route): string {
  return JSON.stringify(route, (_, part: unknown) => (part instanceof Set ? [...part] : part));
}
