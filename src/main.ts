import { nearest } from "./config/nearest.ts";
import { checkCommand } from "./cli/check.ts";
import type { Command } from "./cli/command.ts";
import { helpText } from "./cli/help.ts";
import { initCommand } from "./cli/init.ts";
import { parseOptions, UsageError } from "./cli/options.ts";
import { serveCommand } from "./cli/serve.ts";
import { versionCommand } from "./cli/version.ts";

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
  for (const warning of options.warnings) process.stderr.write(`warning: ${warning}\n`);
  return named.run(options);
}

function help(name: string | null): number {
  process.stdout.write(helpText(commands, name === null ? null : find(name)));
  return 0;
}

function find(name: string): Command {
  const command = commands.find((one) => one.name === name);
  if (command !== undefined) return command;
  const meant = nearest(
    name,
    commands.map((one) => one.name),
  );
  throw new UsageError(
    `There is no command ${name}.${meant === null ? "" : ` Did you mean tollgate ${meant}?`}`,
  );
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\nSee tollgate help.\n`);
  process.exitCode = 2;
}
