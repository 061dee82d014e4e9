import type { Finding } from "./config/findings.ts";
import { loadConfig, type LoadedConfig } from "./config/load.ts";
import { type ConfigSource, readText } from "./config/source.ts";
import { differences, type SettingsBySection } from "./differences.ts";
import type { Log } from "./logging/log.ts";
import { StartError } from "./process/start-error.ts";
import { buildRuntime, type Runtime, type Surroundings } from "./runtime.ts";

/** A config read and built; the findings as lines for people. */
export interface Attempt {
  /** Null where there are faults. */
  readonly runtime: Runtime | null;
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
  /** The settings that the runtime was built from. */
  readonly settings: SettingsBySection;
}

/** Reads a config and builds what it says. Never throws. */
export function attempt(source: ConfigSource, surroundings: Surroundings): Attempt {
  const read = readText(source);
  if ("fault" in read) return { runtime: null, settings: {}, faults: [read.fault], warnings: [] };
  const loaded = loadConfig(read.text, source.file, { env: surroundings.env });
  const { runtime, findings } = buildRuntime(loaded, surroundings);
  return {
    runtime,
    faults: linesOf(loaded, findings, "fault"),
    warnings: linesOf(loaded, findings, "warning"),
    settings: {
      general_settings: loaded.general,
      litellm_settings: loaded.litellm,
      model_list: loaded.models,
    },
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
  /**
   * Validates, builds, swaps; with faults the old runtime stays. Logs what changed, and warnings that are new;
   * `reason` is for the log too. Gives the faults.
   */
  reload(reason: string): readonly string[];
}

/** Makes the first attempt, and throws a `StartError` where it has faults. */
export function createReloader(again: () => Attempt, log: Log): Reloader {
  const first = again();
  if (first.runtime === null) throw new StartError(first.faults.join("\n"));
  let runtime = first.runtime;
  let { settings, warnings } = first;
  warn(warnings, log);
  return {
    current: () => runtime,
    reload: (reason) => {
      const next = again();
      if (next.runtime === null) {
        log.error("reload_failed", { reason, faults: next.faults });
        return next.faults;
      }
      const changes = differences(
        { settings, routes: runtime.rules.routes.all },
        { settings: next.settings, routes: next.runtime.rules.routes.all },
      );
      runtime = next.runtime;
      warn(
        next.warnings.filter((warning) => !warnings.includes(warning)),
        log,
      );
      ({ settings, warnings } = next);
      log.info("reloaded", { reason, routes: runtime.rules.routes.all.length, ...changes });
      return [];
    },
  };
}

function warn(warnings: readonly string[], log: Log): void {
  for (const warning of warnings) log.warn("config", { message: warning });
}
