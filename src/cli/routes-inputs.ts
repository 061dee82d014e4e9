import { UsageError } from "./options.ts";

/** Files that a command line names, `-` being stdin. */
export interface Inputs {
  /** Throws a `UsageError` where it cannot be read, or stdin was read before. */
  text(file: string): Promise<string>;
}

export function createInputs(): Inputs {
  let isStdinRead = false;
  return {
    async text(file) {
      if (file !== "-") return await textOf(file);
      if (isStdinRead) throw new UsageError("stdin (-) can be read for one thing only.");
      isStdinRead = true;
      return await Bun.stdin.text();
    },
  };
}

async function textOf(file: string): Promise<string> {
  try {
    return await Bun.file(file).text();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new UsageError(`${file} cannot be read (${code}).`);
  }
}
