import { nearest } from "../config/nearest.ts";
import { tell } from "../process/tell.ts";
import { checkCommand } from "./check.ts";
import type { Command } from "./command.ts";
import { helpText } from "./help.ts";
import { initCommand } from "./init.ts";
import { isConfigFile, parseOptions, UsageError } from "./options.ts";
import { serveCommand } from "./serve.ts";
import { versionCommand } from "./version.ts";

const helpCommand: Command = {
  name: "help",
  about: "Tell what a command does.",
  usage: "[command]",
  flags: [],
  run: async () => 0,
};

/** To add a command: write its file, add its name. */
const commands = [serveCommand, checkCommand, initCommand, versionCommand, helpCommand];

/** Runs a command line and gives its exit code. Throws a `UsageError` where it cannot be understood. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const [first = "", ...rest] = args;
  if (first === "--help" || first === "-h" || first === "help") return help(rest[0] ?? null);
  if (first === "--version") return versionCommand.run({ values: new Map(), warnings: [] });
  const named = first === "" || first.startsWith("-") ? serveCommand : find(first);
  const own = named === serveCommand && first !== "serve" ? args : rest;
  if (own.includes("--help") || own.includes("-h")) return help(named.name);
  const options = parseOptions(own, named.flags);
  for (const warning of options.warnings) tell(`warning: ${warning}`);
  return named.run(options);
}

function help(name: string | null): number {
  process.stdout.write(helpText(commands, name === null ? null : find(name)));
  return 0;
}

function find(name: string): Command {
  const command = commands.find((one) => one.name === name);
  if (command !== undefined) return command;
  throw new UsageError(`There is no command ${name}. ${remedy(name)}`);
}

function remedy(word: string): string {
  if (isConfigFile(word)) return `Did you mean tollgate --config ${word}?`;
  const names = commands.map(({ name }) => name);
  const meant = nearest(word, names);
  return meant === null ? `There are ${names.join(", ")}.` : `Did you mean tollgate ${meant}?`;
}
