import type { PrepareEndpoints, StoredEndpoint } from "./core/endpoint-book.ts";
import { GatewayError } from "./core/errors.ts";
import { type Credential, credentialsOf } from "./config/credential-names.ts";
import { type Finding, isFault } from "./config/findings.ts";
import { loadConfig, type LoadedConfig } from "./config/load.ts";
import { serverRootPath } from "./config/root-path.ts";
import { type ConfigSource, readText } from "./config/source.ts";
import { storedIdOf, toldFault } from "./config/stored-endpoints.ts";
import { type ReadConfig, reportOn } from "./config-report.ts";
import type { ConfigReport } from "./http/config-report.ts";
import { LateSecrets } from "./late-secrets.ts";
import { type Differences, differences, type Side } from "./differences.ts";
import type { Log } from "./logging/log.ts";
import { StartError } from "./process/start-error.ts";
import type { Surroundings } from "./foundation.ts";
import { buildRuntime, type Runtime } from "./runtime.ts";

/** The runtime in force, and how it is replaced. */
export interface Reloader {
  current(): Runtime;
  /**
   * Reads the config again: validates, builds, swaps; with faults the old runtime stays. Logs what changed, and
   * warnings that are new; `reason` is for the log too. Gives the faults.
   */
  reload(reason: string): readonly string[];
  /** What `reload` would do, without doing it. */
  preview(): ReloadPreview;
  /** What `tollgate check` says, of the file as it is now. */
  report(): ConfigReport;
  /** What the config in force needs of the environment, by name. */
  credentials(): readonly Credential[];
  /** The endpoints that were made through the API, at the start. Throws a `StartError` where they cannot be served. */
  begin(stored: readonly StoredEndpoint[]): void;
  /** The config that is in force, with other endpoints made through the API; the file is not read. */
  readonly prepare: PrepareEndpoints;
}

/** What a reload would do; the findings as lines for people. */
export interface ReloadPreview extends Differences {
  readonly faults: readonly string[];
  /** Those that the running config does not have. */
  readonly warnings: readonly string[];
}

/** A config read and built. */
interface Built extends ReadConfig {
  readonly runtime: Runtime;
  readonly warnings: readonly string[];
}

/** Why there is no runtime, as lines for people. */
interface Refused {
  readonly runtime: null;
  readonly faults: readonly string[];
  /** Endpoints made through the API that have some of these, by their ids. */
  readonly stored: readonly string[];
}

/** Makes the first attempt, and throws a `StartError` where it has faults. */
export function createReloader(
  source: ConfigSource,
  surroundings: Surroundings,
  log: Log,
): Reloader {
  const first = read(source, surroundings, []);
  if (first.runtime === null) throw new StartError(first.faults.join("\n"));
  let inForce: Built = first;
  let stored: readonly StoredEndpoint[] = [];
  warn(inForce.warnings, log);

  const newWarnings = ({ warnings }: Built) => {
    const known = new Set(inForce.warnings);
    return warnings.filter((warning) => !known.has(warning));
  };
  const late = new LateSecrets();
  const swap = (next: Built) => {
    const fresh = newWarnings(next);
    const secrets = late.after(inForce.runtime.secrets, next.runtime.secrets);
    inForce = { ...next, runtime: { ...next.runtime, secrets } };
    warn(fresh, log);
  };

  return {
    current: () => inForce.runtime,
    reload: (reason) => {
      const next = read(source, surroundings, stored);
      if (next.runtime === null) {
        log.error("reload_failed", { reason, faults: next.faults });
        return next.faults;
      }
      const changes = differences(sideOf(inForce), sideOf(next));
      swap(next);
      log.info("reloaded", { reason, routes: next.runtime.rules.routes.all.length, ...changes });
      return [];
    },
    preview: () => {
      const next = read(source, surroundings, stored);
      const none = { added: [], changed: [], removed: [] };
      if (next.runtime === null) return { faults: next.faults, warnings: [], ...none };
      const changes = differences(sideOf(inForce), sideOf(next));
      return { faults: [], warnings: newWarnings(next), ...changes };
    },
    report: () => reportOn(source, surroundings, stored, inForce),
    credentials: () => credentialsOf(inForce.loaded, serverRootPath(surroundings.env)),
    begin: (endpoints) => {
      if (endpoints.length === 0) return;
      const next = build(inForce, surroundings, endpoints);
      if (next.runtime === null) {
        throw new StartError([...next.faults, ...waysOut(next.stored)].join("\n"));
      }
      stored = endpoints;
      swap(next);
    },
    prepare: (endpoints, changed) => {
      const next = build(inForce, surroundings, endpoints, changed);
      if (next.runtime === null) throw refusal(next.faults);
      return () => {
        const changes = differences(sideOf(inForce), sideOf(next));
        stored = endpoints;
        swap(next);
        log.info("routes_changed", { routes: next.runtime.rules.routes.all.length, ...changes });
      };
    },
  };
}

function read(
  source: ConfigSource,
  surroundings: Surroundings,
  stored: readonly StoredEndpoint[],
): Built | Refused {
  const text = readText(source);
  if ("fault" in text) return { runtime: null, faults: [text.fault], stored: [] };
  const loaded = loadConfig(text.text, source.file, { env: surroundings.env });
  return build({ text: text.text, loaded }, surroundings, stored);
}

/** `changed`: its own faults are told without saying whose they are. */
function build(
  { text, loaded }: ReadConfig,
  surroundings: Surroundings,
  stored: readonly StoredEndpoint[],
  changed: string | null = null,
): Built | Refused {
  const { runtime, findings } = buildRuntime(loaded, surroundings, stored, changed);
  if (runtime === null) {
    const faults = findings.filter(isFault);
    return {
      runtime,
      faults: faults.map((one) => lineOf(loaded, one, changed)),
      stored: [...new Set(faults.flatMap((one) => storedIdOf(one) ?? []))],
    };
  }
  const warnings = findings.filter((one) => !isFault(one)).map(loaded.describe);
  return { text, loaded, runtime, warnings };
}

function lineOf(loaded: LoadedConfig, finding: Finding, changed: string | null): string {
  if (changed === null || storedIdOf(finding) !== changed) return loaded.describe(finding);
  return toldFault(finding);
}

/** For whoever cannot start the gateway, and so not ask it for a change. */
function waysOut(ids: readonly string[]): string[] {
  return ids.map((id) => {
    const word = /^[\w.-]+$/.test(id) ? id : `'${id.replaceAll("'", `'\\''`)}'`;
    return `tollgate routes remove ${word} takes it out.`;
  });
}

function refusal(faults: readonly string[]): GatewayError {
  return new GatewayError("request_invalid", { detail: faults.join(" "), faults });
}

function sideOf({ loaded, runtime }: Built): Side {
  const settings = {
    general_settings: loaded.general,
    litellm_settings: loaded.litellm,
    model_list: loaded.models,
  };
  return { settings, routes: runtime.rules.routes.all };
}

function warn(warnings: readonly string[], log: Log): void {
  for (const warning of warnings) log.warn("config", { message: warning });
}
