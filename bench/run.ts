/** `bun run bench`: measures Tollgate beside a bare relay, in the same run, on this machine. See README.md. */
import { cpus, release, totalmem } from "node:os";
import { createFigures } from "./figures.ts";
import { pickDriver } from "./load.ts";
import { readOptions, usage } from "./options.ts";
import { scratchPath } from "./processes.ts";
import type { Profile } from "./profile.ts";
import { profiles } from "./profiles/index.ts";
import { printBars, printReport, type ProfileReport, reportOf } from "./report.ts";
import { findSubjects, findTollgate, type Subject } from "./subjects.ts";

const isTerminal = process.stderr.isTTY;

if (process.platform !== "linux") leave("the figures come from /proc: Linux only");
if (process.argv.includes("--help")) leave(`${usage}\nprofiles: ${names(profiles)}`, 0);
const options = orLeave(() => readOptions(process.argv.slice(2)));
const chosen = orLeave(() => choose("profile", options.profiles, profiles));
const tollgate = findTollgate(options.bin);
const present = findSubjects(tollgate);
const named = orLeave(() => choose("subject", options.subjects, present));
const subjects = present.filter((each) => each.name === "bare" || named.includes(each));
const driver = await pickDriver(scratchPath("request.txt"));

const machine = `${cpus()[0]?.model ?? "unknown CPU"} × ${cpus().length}, ${Math.round(totalmem() / 1e9)} GB, Linux ${release()}, Bun ${Bun.version}`;
const build = tollgate === null ? "not there: left out" : tollgate.argv.join(" ");
console.log(
  `machine   ${machine}\ntollgate  ${build}\ndriver    ${driver.name}, subjects: ${names(subjects)}`,
);
console.log(`rounds    ${options.rounds} of ${options.seconds} s, in turn, after a warm-up`);

const reports: ProfileReport[] = [];
for (const profile of chosen) {
  const report = await runProfile(profile);
  reports.push(report);
  console.log(printReport(report));
}
if (chosen.some(({ bars }) => bars.length > 0)) console.log(printBars(chosen, reports));
const summary = { machine, tollgate: build, driver: driver.name, options, reports };
if (options.json !== null) await Bun.write(options.json, `${JSON.stringify(summary, null, 2)}\n`);
process.exit(reports.some(({ faults }) => faults.length > 0) ? 1 : 0);

async function runProfile(profile: Profile): Promise<ProfileReport> {
  const figures = createFigures();
  const faults: string[] = [];
  const fault = (subject: string, error: unknown) => {
    faults.push(`${subject}: ${error instanceof Error ? error.message : String(error)}`);
  };
  await profile
    .run({ options, subjects: partOf(profile), driver, figures, progress, fault })
    .catch((error) => fault("the profile itself", error));
  if (isTerminal) process.stderr.write("\r\x1b[K");
  return reportOf(profile, figures.all(), faults, tollgate?.isBinary ?? false);
}

function partOf({ subjects: wanted }: Profile): readonly Subject[] {
  return subjects.filter(({ name, makeKey }) => wanted?.includes(name) ?? makeKey === undefined);
}

function progress(text: string): void {
  process.stderr.write(isTerminal ? `\r\x1b[K${text}` : `${text}\n`);
}

function choose<T extends { readonly name: string }>(
  kind: string,
  wanted: readonly string[],
  known: readonly T[],
): readonly T[] {
  const unknown = wanted.filter((name) => !known.some((each) => each.name === name));
  if (unknown.length > 0)
    throw new Error(`no ${kind} ${unknown.join(", ")}; there are: ${names(known)}`);
  return wanted.length === 0 ? known : known.filter(({ name }) => wanted.includes(name));
}

function names(of: readonly { readonly name: string }[]): string {
  return of.map(({ name }) => name).join(", ");
}

function orLeave<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    return leave(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function leave(message: string, code = 2): never {
  console.error(message);
  process.exit(code);
}
