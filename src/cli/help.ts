import type { Command, CommandGroup } from "./command.ts";

type Named = Command | CommandGroup;

/** The help of everything, of a group of commands, or of one command. */
export function helpText(commands: readonly Named[], command: Named | null): string {
  if (command === null) return overview(commands);
  return "commands" in command ? group(command) : detail(command);
}

function overview(commands: readonly Named[]): string {
  return [
    "tollgate: a pass-through gateway between your clients and any external API.",
    "",
    "  tollgate --config config.yaml      start it (serve is the default command)",
    "",
    "Commands:",
    ...rows(commands, 10),
    "",
    "tollgate help <command> tells its flags.",
    "",
  ].join("\n");
}

function group({ name, about, commands }: CommandGroup): string {
  return [
    `tollgate ${name} <command>`,
    "",
    about,
    "",
    "Commands:",
    ...rows(commands, 13),
    "",
    `tollgate help ${name} <command> tells its flags.`,
    "",
  ].join("\n");
}

function rows(commands: readonly Named[], least: number): string[] {
  const width = Math.max(least, ...commands.map(({ name }) => name.length + 2));
  return commands.map(({ name, about }) => `  ${name.padEnd(width)}${about}`);
}

function detail({ name, about, usage, flags }: Command): string {
  const heads = flags.map(({ name: flag, value, short }) => {
    const start = short === undefined ? "" : `-${short}, `;
    return `${start}--${flag}${value === null ? "" : ` <${value}>`}`;
  });
  const width = Math.max(24, ...heads.map((head) => head.length)) + 2;
  const lines = flags.map(({ about: what }, at) => `  ${(heads[at] ?? "").padEnd(width)}${what}`);
  const title = `tollgate ${name}${usage === "" ? "" : ` ${usage}`}`;
  return [title, "", about, ...(lines.length === 0 ? [] : ["", "Flags:", ...lines]), ""].join("\n");
}
