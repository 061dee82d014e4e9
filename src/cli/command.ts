import type { Flag, Options } from "./options.ts";

/** One thing that `tollgate` can do. */
export interface Command {
  readonly name: string;
  readonly about: string;
  /** What stands after the name in the help. */
  readonly usage: string;
  readonly flags: readonly Flag[];
  /** What it acts on, beside its flags; nothing where this is left out. */
  readonly words?: Words;
  /** The exit code; a server's never comes. `words` are as many as the command asks for. */
  run(options: Options, words: readonly string[]): Promise<number>;
}

/** Arguments that are not flags. */
export interface Words {
  /** What one is, for whoever leaves it out: `a file`. */
  readonly what: string;
  readonly least: number;
  readonly most: number;
}

/** Commands that share their first word; each one's name begins with it. */
export interface CommandGroup {
  readonly name: string;
  readonly about: string;
  readonly commands: readonly Command[];
}

export const configFlag: Flag = {
  name: "config",
  short: "c",
  value: "file",
  about: "The configuration (./config.yaml).",
};

export const envFileFlag: Flag = {
  name: "env-file",
  value: "file",
  about: "Variables to add to the environment; .env is never read by itself.",
};

/** The listener's address, for what a config allows on it. */
export const listenFlags: readonly Flag[] = [
  { name: "host", value: "address", about: "Where to listen (localhost: 127.0.0.1 and [::1])." },
  { name: "port", value: "number", about: "The port (4000); 0 takes a free one." },
];
