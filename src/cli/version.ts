import { commit, version } from "../version.ts";
import type { Command } from "./command.ts";

export const versionCommand: Command = {
  name: "version",
  about: "Print the version, the commit and the runtime.",
  usage: "",
  flags: [],
  run: async () => {
    process.stdout.write(`tollgate ${version} (${commit}, bun ${Bun.version})\n`);
    return 0;
  },
};
