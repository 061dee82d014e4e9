import { isFault } from "../config/findings.ts";
import { loadConfig, type LoadedConfig } from "../config/load.ts";
import { configReport, type ReportSection } from "../config/report.ts";
import { allFindings } from "../config-report.ts";
import { readText } from "../config/source.ts";
import { noLimits } from "../core/limits.ts";
import { hostnames } from "../listeners.ts";
import { type BuiltRuntime, buildRuntime } from "../runtime.ts";
import { type Command, configFlag, envFileFlag, listenFlags } from "./command.ts";
import { everybodyLines, routeTable } from "./route-table.ts";
import { readSettings } from "./settings.ts";
import { table } from "./table.ts";

export const checkCommand: Command = {
  name: "check",
  about: "Say what a configuration would do, and what is wrong with it.",
  usage: "[flags]",
  flags: [configFlag, ...listenFlags, envFileFlag],
  run: async ({ values }) => {
    const { source, env, host, port } = readSettings(values);
    const read = readText(source);
    if ("fault" in read) {
      process.stdout.write(`${read.fault}\n\n${summary(0, 1, 0)}\n`);
      return 2;
    }
    const loaded = loadConfig(read.text, source.file, { env });
    const built = buildRuntime(loaded, {
      env,
      addresses: hostnames(host),
      port,
      sampleUrl: () => "http://127.0.0.1:0",
      keys: { find: () => null, team: () => null },
    });
    process.stdout.write(`${checkText(loaded, built)}\n`);
    return built.findings.some(isFault) ? 2 : 0;
  },
};

/** The whole report: every key, the routes as they would be served, what is to be said, and the sum. */
export function checkText(loaded: LoadedConfig, built: BuiltRuntime): string {
  const findings = allFindings(loaded, built);
  const faults = findings.filter(isFault);
  const warnings = findings.filter((finding) => !isFault(finding));
  return [
    loaded.file,
    ...configReport(loaded, findings).flatMap(sectionLines),
    ...block("Routes", [
      ...routeTable(built.routes, built.off),
      ...everybodyLines(built.runtime?.everybody ?? noLimits),
    ]),
    ...block("Warnings", warnings.map(loaded.describe)),
    ...block("Faults", faults.map(loaded.describe)),
    "",
    summary(built.routes.length, faults.length, warnings.length),
  ].join("\n");
}

function sectionLines({ title, rows }: ReportSection): string[] {
  const cells = rows.map(({ line, status, key, meaning }) => [
    line === null ? "-" : String(line),
    status,
    key,
    line === null ? `(left out) ${meaning}` : meaning,
  ]);
  return block(title, table([["LINE", "STATUS", "KEY", "MEANING"], ...cells]));
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

function summary(routes: number, faults: number, warnings: number): string {
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  return `${count(routes, "route")}, ${count(faults, "fault")}, ${count(warnings, "warning")}`;
}
