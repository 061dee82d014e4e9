import type { Command } from "./command.ts";

/** The help of everything, or of one command. */
export function helpText(commands: readonly Command[], command: Command | null): string {
  return command === null ? overview(commands) : detail(command);
}

function overview(commands: readonly Command[]): string {
  const rows = commands.map(({ name, about }) => `  ${name.padEnd(10)}${about}`);
  return [
    "tollgate: a pass-through gateway between your clients and any external API.",
    "",
    "  tollgate --config config.yaml      start it (serve is the default command)",
    "",
    "Commands:",
    ...rows,
    "",
    "tollgate help <command> tells its flags.",
    "",
  ].join("\n");
}

function detail({ name, about, usage, flags }: Command): string {
  const rows = flags.map(({ name: flag, value, about: what, short }) => {
    const head = `${short === undefined ? "" : `-${short}, `}--${flag}${value === null ? "" : ` <${value}>`}`;
    return `  ${head.padEnd(26)}${what}`;
  });
  const lines = [`tollgate ${name}${usage === "" ? "" : ` ${usage}`}`, "", about];
  return [...lines, ...(rows.length === 0 ? [] : ["", "Flags:", ...rows]), ""].join("\n");
}
