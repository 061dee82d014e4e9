import { nearest } from "../config/nearest.ts";
import { tell } from "../process/tell.ts";
import { checkCommand } from "./check.ts";
import type { Command, CommandGroup } from "./command.ts";
import { helpText } from "./help.ts";
import { initCommand } from "./init.ts";
import { keysCommands } from "./keys.ts";
import { readArguments } from "./arguments.ts";
import { logsCommand } from "./logs.ts";
import { isConfigFile, parseOptions, UsageError } from "./options.ts";
import { pricesCommand } from "./prices.ts";
import { rotateKeyCommand } from "./rotate-key.ts";
import { routesCommands } from "./routes.ts";
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
const commands: readonly (Command | CommandGroup)[] = [
  serveCommand,
  checkCommand,
  initCommand,
  keysCommands,
  routesCommands,
  logsCommand,
  pricesCommand,
  rotateKeyCommand,
  versionCommand,
  helpCommand,
];

/** Runs a command line and gives its exit code. Throws a `UsageError` where it cannot be understood. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const [first = "", ...rest] = args;
  if (first === "--help" || first === "-h" || first === "help") return help(rest);
  if (first === "--version") return versionCommand.run({ values: new Map(), warnings: [] }, []);
  if (first === "" || first.startsWith("-")) return run(serveCommand, args);
  const named = find(first, commands);
  return "commands" in named ? runOneOf(named, rest) : run(named, rest);
}

async function run(command: Command, args: readonly string[]): Promise<number> {
  if (asksForHelp(args)) return help([command.name]);
  if (command.words !== undefined) {
    const { options, words } = readArguments(args, command);
    return command.run(options, words);
  }
  const options = parseOptions(args, command.flags);
  for (const warning of options.warnings) tell(`warning: ${warning}`);
  return command.run(options, []);
}

async function runOneOf(group: CommandGroup, args: readonly string[]): Promise<number> {
  const [second = "", ...rest] = args;
  if (second === "" || second.startsWith("-")) {
    if (asksForHelp(args)) return help([group.name]);
    throw new UsageError(`tollgate ${group.name} what? ${listed(group.commands)}`);
  }
  const command = find(`${group.name} ${second}`, group.commands);
  if (asksForHelp(rest)) return help([group.name, second]);
  const { options, words } = readArguments(rest, command);
  return command.run(options, words);
}

function asksForHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}

function help([first = null, second = null]: readonly (string | null)[]): number {
  process.stdout.write(helpText(commands, first === null ? null : subject(first, second)));
  return 0;
}

function subject(first: string, second: string | null): Command | CommandGroup {
  const named = find(first, commands);
  if (second === null || !("commands" in named)) return named;
  return find(`${first} ${second}`, named.commands);
}

function find<Named extends { readonly name: string }>(
  name: string,
  among: readonly Named[],
): Named {
  const command = among.find((one) => one.name === name);
  if (command !== undefined) return command;
  throw new UsageError(`There is no command ${name}. ${remedy(name, among)}`);
}

function remedy(word: string, among: readonly { readonly name: string }[]): string {
  if (isConfigFile(word)) return `Did you mean tollgate --config ${word}?`;
  const names = among.map(({ name }) => name);
  const meant = nearest(word, names);
  return meant === null ? listed(among) : `Did you mean tollgate ${meant}?`;
}

function listed(among: readonly { readonly name: string }[]): string {
  return `There are ${among.map(({ name }) => name).join(", ")}.`;
}
