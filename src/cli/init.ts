import { existsSync, writeFileSync } from "node:fs";
import sample from "../../config.yaml" with { type: "text" };
import { type Command, configFlag } from "./command.ts";

export const initCommand: Command = {
  name: "init",
  about: "Write a commented config.yaml; never over one that is there.",
  usage: "[flags]",
  flags: [configFlag],
  run: async ({ values }) => {
    const file = values.get("config") ?? "config.yaml";
    if (existsSync(file)) {
      process.stderr.write(`${file} is there already and stays as it is.\n`);
      return 2;
    }
    writeFileSync(file, String(sample), { flag: "wx", mode: 0o640 });
    process.stdout.write(`Wrote ${file}. Start it with: tollgate --config ${file}\n`);
    return 0;
  },
};
