import { nearest } from "../config/nearest.ts";
import type { Command, Words } from "./command.ts";
import { type Flag, type Options, parseOptions, UsageError } from "./options.ts";

/**
 * A command line of flags and words, in any order; all after `--` is words. LiteLLM's flags are errors here: a limit
 * that is passed over would leave a key without it. Throws a `UsageError`.
 */
export function readArguments(
  args: readonly string[],
  { name, flags, words: wanted }: Command,
): { readonly options: Options; readonly words: readonly string[] } {
  const { flagged, words } = separate(args, flags);
  checkCount(name, wanted ?? { what: "nothing", least: 0, most: 0 }, words);
  return { options: parseOptions(flagged, flags), words };
}

function separate(args: readonly string[], flags: readonly Flag[]) {
  const flagged: string[] = [];
  const words: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--") {
      words.push(...rest.splice(0));
    } else if (arg.startsWith("-")) {
      const { value } = flagOf(arg, flags);
      flagged.push(arg);
      if (value !== null && !arg.includes("=")) flagged.push(...rest.splice(0, 1));
    } else words.push(arg);
  }
  return { flagged, words };
}

function flagOf(arg: string, flags: readonly Flag[]): Flag {
  const [head = ""] = arg.split("=");
  const flag = flags.find(({ name, short }) => head === `--${name}` || head === `-${short}`);
  if (flag !== undefined) return flag;
  const names = flags.map(({ name }) => name);
  const meant = nearest(head.replace(/^-+/, ""), names);
  const hint = meant === null ? `There are --${names.join(", --")}.` : `Did you mean --${meant}?`;
  throw new UsageError(`There is no flag ${head}. ${hint}`);
}

function checkCount(name: string, { what, least, most }: Words, words: readonly string[]): void {
  if (words.length < least) throw new UsageError(`tollgate ${name} needs ${what}.`);
  const strange = words[most];
  if (strange !== undefined) throw new UsageError(`"${strange}" is not expected here.`);
}
