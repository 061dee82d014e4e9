import { readFileSync } from "node:fs";
import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { tell } from "../process/tell.ts";
import type { Command } from "./command.ts";
import { checked, placeFlags, unexpected, withKeysAdmin } from "./keys-admin.ts";
import { UsageError } from "./options.ts";

const Imported = Type.Object({
  keys: Type.Integer(),
  imported: Type.Integer(),
  teams: Type.Array(Type.String()),
  unused: Type.Record(Type.String(), Type.Integer()),
  sessions: Type.Integer(),
});
type Imported = Static<typeof Imported>;

const Faults = Type.Object({
  faults: Type.Array(
    Type.Object({
      line: Type.Integer(),
      column: Type.Union([Type.String(), Type.Null()]),
      problem: Type.String(),
    }),
  ),
  /** Counted, and not told. */
  more_faults: Type.Optional(Type.Integer()),
});
type Faults = Static<typeof Faults>;

/** More than a screenful helps nobody. */
const mostFaults = 20;

export const keysImportCommand: Command = {
  name: "keys import",
  about:
    "Take over the keys of LiteLLM's exported token table (JSON lines or CSV): all of them, or none where anything is wrong.",
  usage: "FILE [flags]",
  words: { what: "a file", least: 1, most: 1 },
  flags: [
    { name: "dry-run", value: null, about: "Only say what would be imported." },
    ...placeFlags,
  ],
  run: ({ values }, [file = ""]) => importFile(values, file),
};

async function importFile(values: ReadonlyMap<string, string>, file: string): Promise<number> {
  const table = textOf(file);
  const dryRun = values.has("dry-run");
  return withKeysAdmin(values, { mayBeNew: true }, async (admin) => {
    const reply = await admin.ask("POST", `/key/import${dryRun ? "?dry_run=true" : ""}`, table);
    if (Value.Check(Faults, reply.body)) return tellFaults(file, reply.body);
    const outcome = checked(reply);
    if (!Value.Check(Imported, outcome)) throw unexpected("/key/import");
    for (const warning of warnings(outcome)) tell(`warning: ${warning}`);
    process.stdout.write(
      `${dryRun ? `${count(outcome.keys, "key")} can be read.` : said(outcome)}\n`,
    );
    return 0;
  });
}

function said({ keys, imported, teams }: Imported): string {
  const known = keys - imported;
  return [
    `Imported ${count(imported, "key")}.`,
    ...(known === 0 ? [] : [`${known} had been imported before.`]),
    ...(teams.length === 0
      ? []
      : [`Teams made without limits, since keys name them: ${teams.join(", ")}.`]),
  ].join(" ");
}

function warnings({ unused, sessions }: Imported): string[] {
  const columns = Object.entries(unused).map(
    ([column, lines]) => `${column} means nothing here (${count(lines, "line")}).`,
  );
  if (sessions === 0) return columns;
  return [...columns, `${count(sessions, "line")} left out: log-ins of LiteLLM's own page.`];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function tellFaults(file: string, { faults, more_faults: untold = 0 }: Faults): number {
  for (const { line, column, problem } of faults.slice(0, mostFaults)) {
    tell(`${file}:${line}: ${column === null ? "" : `${column} `}${problem}`);
  }
  const more = Math.max(0, faults.length - mostFaults) + untold;
  if (more > 0) tell(`… and ${more} more.`);
  tell("Nothing was imported.");
  return 2;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new UsageError(`${file} cannot be read (${code}).`);
  }
}
