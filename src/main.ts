import { writeSync } from "node:fs";
import { causeText } from "./logging/cause-text.ts";
import { nearest } from "./config/nearest.ts";
import { checkCommand } from "./cli/check.ts";
import type { Command } from "./cli/command.ts";
import { helpText } from "./cli/help.ts";
import { initCommand } from "./cli/init.ts";
import { isConfigFile, parseOptions, UsageError } from "./cli/options.ts";
import { serveCommand } from "./cli/serve.ts";
import { versionCommand } from "./cli/version.ts";
import { StartError } from "./process/start-error.ts";

const helpCommand: Command = {
  name: "help",
  about: "Tell what a command does.",
  usage: "[command]",
  flags: [],
  run: async () => 0,
};

/** To add a command: write its file, add its name. */
const commands = [serveCommand, checkCommand, initCommand, versionCommand, helpCommand];

/** Runs a command line and gives its exit code: 2 for one that cannot be understood. */
async function main(args: readonly string[]): Promise<number> {
  const [first = "", ...rest] = args;
  if (first === "--help" || first === "-h" || first === "help") return help(rest[0] ?? null);
  if (first === "--version") return versionCommand.run({ values: new Map(), warnings: [] });
  const named = first === "" || first.startsWith("-") ? serveCommand : find(first);
  const own = named === serveCommand && first !== "serve" ? args : rest;
  if (own.includes("--help") || own.includes("-h")) return help(named.name);
  const options = parseOptions(own, named.flags);
  const warnings = [...(named.prepare?.() ?? []), ...options.warnings];
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
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

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) fail(`${error.message}\nSee tollgate help.`, 2);
  else if (error instanceof StartError) fail(error.message, error.exitCode);
  else fail(causeText(error), 1);
}

/** Ends the process: a start that broke off may have left something running. */
function fail(message: string, code: number): never {
  writeSync(2, `${message}\n`);
  process.exit(code);
}
