import type { Flag, Options } from "./options.ts";

/** One thing that `tollgate` can do. */
export interface Command {
  readonly name: string;
  readonly about: string;
  /** What stands after the name in the help. */
  readonly usage: string;
  readonly flags: readonly Flag[];
  /** The exit code; a server's never comes. */
  run(options: Options): Promise<number>;
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
