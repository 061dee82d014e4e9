import { writeFileSync } from "node:fs";
import sample from "../../config.yaml" with { type: "text" };
import { tell } from "../process/tell.ts";
import { type Command, configFlag } from "./command.ts";

export const initCommand: Command = {
  name: "init",
  about: "Write a commented config.yaml; never over one that is there.",
  usage: "[flags]",
  flags: [configFlag],
  run: async ({ values }) => {
    const file = values.get("config") ?? "config.yaml";
    try {
      writeFileSync(file, String(sample), { flag: "wx", mode: 0o640 });
    } catch (error) {
      tell(refusal(file, error));
      return 2;
    }
    process.stdout.write(`Wrote ${file}. Start it with: tollgate --config ${file}\n`);
    return 0;
  },
};

function refusal(file: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  if (code === "EEXIST") return `${file} is there already and stays as it is.`;
  return `${file} cannot be written (${code}).`;
}
