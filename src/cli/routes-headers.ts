import { type Flag, UsageError } from "./options.ts";
import type { Inputs } from "./routes-inputs.ts";

/** A flag that may be given several times; its values are lines of one. */
export interface RepeatedFlag extends Flag {
  readonly many: true;
}

const header: RepeatedFlag = {
  name: "header",
  value: "name: value",
  about:
    "Sent upstream, and may be repeated; `name: @file` reads the value there, `name: -` stdin.",
  many: true,
};

/** How a command line tells headers. */
export const headerFlags: readonly Flag[] = [
  header,
  {
    name: "header-file",
    value: "file",
    about: "Headers as `name: value`, one a line; - for stdin.",
  },
];

/** The headers of a command line; null where there are none. Throws a `UsageError` that never holds a value. */
export async function headersOf(
  values: ReadonlyMap<string, string>,
  inputs: Inputs,
): Promise<Record<string, string> | null> {
  const file = values.get("header-file");
  const inFile = file === undefined ? [] : linesOf(await inputs.text(file)).map(pairOf);
  const given = linesOf(values.get("header") ?? "").map(pairOf);
  const read: (readonly [name: string, value: string])[] = [];
  for (const [name, value] of given) read.push([name, await valueOf(value, inputs)]);
  const pairs = [...inFile, ...read];
  refuseTwice(pairs.map(([name]) => name));
  return pairs.length === 0 ? null : Object.fromEntries(pairs);
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== "");
}

function pairOf(line: string): readonly [name: string, value: string] {
  const [, name = "", value = ""] = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
  if (name === "" || value === "") {
    throw new UsageError("A header is written as 'name: value', 'name: @file' or 'name: -'.");
  }
  return [name, value];
}

async function valueOf(value: string, inputs: Inputs): Promise<string> {
  const file = value === "-" ? value : value.startsWith("@") ? value.slice(1) : null;
  if (file === null) return value;
  const text = (await inputs.text(file)).trim();
  if (text !== "") return text;
  throw new UsageError(`${file === "-" ? "stdin" : file} is empty.`);
}

/** A secret that is passed over silently would be missed later. */
function refuseTwice(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names.map((one) => one.toLowerCase())) {
    if (seen.has(name)) throw new UsageError(`The header ${name} is given twice.`);
    seen.add(name);
  }
}
