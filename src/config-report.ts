import { type Finding, keyOf, type Place, warning } from "./config/findings.ts";
import { loadConfig, type LoadedConfig } from "./config/load.ts";
import { configReport } from "./config/report.ts";
import { type ConfigSource, readText } from "./config/source.ts";
import type { LoadedEndpoint } from "./config/sound-part.ts";
import { storedIdOf } from "./config/stored-endpoints.ts";
import type { StoredEndpoint } from "./core/endpoint-book.ts";
import type { Surroundings } from "./foundation.ts";
import type { ConfigReport, ReportedFinding } from "./http/config-report.ts";
import { type BuiltRuntime, buildRuntime } from "./runtime.ts";

/** A config that was read before, and its text. */
export interface ReadConfig {
  readonly text: string;
  readonly loaded: LoadedConfig;
}

/**
 * What `tollgate check` says, as data: of the config as its source has it now, with the endpoints made through the API.
 * Changes nothing, and never throws. `known`: what need not be read and compiled again where the text is the same.
 */
export function reportOn(
  source: ConfigSource,
  surroundings: Surroundings,
  stored: readonly StoredEndpoint[],
  known: ReadConfig | null = null,
): ConfigReport {
  const read = readText(source);
  if ("fault" in read) return unreadable(source.file, read.fault);
  const loaded =
    known?.text === read.text && !known.loaded.endpoints.some(namesFiles)
      ? known.loaded
      : loadConfig(read.text, source.file, { env: surroundings.env });
  const built = buildRuntime(loaded, surroundings, stored);
  const findings = allFindings(loaded, built);
  return {
    file: source.file,
    sections: configReport(loaded, findings),
    findings: findings.map((finding) => reported(finding, loaded, read.text)),
    routes: built.routes,
    off: built.off,
  };
}

/** Nobody tells when these change. */
function namesFiles({ endpoint: { tls } }: LoadedEndpoint): boolean {
  return [tls?.ca, tls?.cert, tls?.key].some((file) => file !== undefined);
}

/** What is to be said of a config, with what only a report says. */
export function allFindings(loaded: LoadedConfig, built: BuiltRuntime): Finding[] {
  return loaded.inOrder([...built.findings, ...masterKeyOnRoutes(loaded, built)]);
}

/** A valid key everywhere, which callers should not have. */
function masterKeyOnRoutes({ general }: LoadedConfig, { routes, findings }: BuiltRuntime) {
  const path = ["general_settings", "master_key"];
  const told = findings.some(({ path: at }) => at[1] === "master_key");
  if (
    general.master_key === undefined ||
    told ||
    !routes.some((route) => route.auth !== "anyone")
  ) {
    return [];
  }
  const message = "it opens the routes as well as the admin API";
  const remedy = "Hand out virtual keys (POST /key/generate) instead.";
  return [warning(path, message, remedy, "unsafe")];
}

function reported(finding: Finding, loaded: LoadedConfig, text: string): ReportedFinding {
  const { severity, path, message, remedy, offset } = finding;
  const id = storedIdOf(finding);
  if (id !== null) {
    const place = `endpoint ${id}, made through the API`;
    return { severity, place, key: keyOf(path.slice(2)), message, remedy };
  }
  const { line, column } = offset === undefined ? loaded.locate(path) : placeIn(text, offset);
  const place = `${loaded.file}:${line}:${column}`;
  return { severity, place, key: keyOf(path), message, remedy };
}

/** Of a finding without a key. */
function placeIn(text: string, offset: number): Place {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function unreadable(file: string, fault: string): ConfigReport {
  const [message = fault, remedy = ""] = fault.replace(`${file}: `, "").split(/(?<=\.) /, 2);
  const finding = { severity: "fault", place: file, key: "", message, remedy } as const;
  return { file, sections: [], findings: [finding], routes: [], off: [] };
}
