import { readFileSync } from "node:fs";

/** Where a config's text comes from, asked again at each reload. */
export interface ConfigSource {
  /** For people and for files relative to it. */
  readonly file: string;
  /** Null for the one inside the program. */
  readonly watched: string | null;
  read(): string;
}

/** A file on disk. `read` throws where it cannot be read. */
export function fileSource(file: string): ConfigSource {
  return { file, watched: file, read: () => readFileSync(file, "utf8") };
}

/** The text inside the program. */
export function builtInSource(text: string): ConfigSource {
  return { file: "built-in config.yaml", watched: null, read: () => text };
}

/** A config's text, or one line for people that says why there is none. Never throws. */
export function readText(
  source: ConfigSource,
): { readonly text: string } | { readonly fault: string } {
  try {
    return { text: source.read() };
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    return { fault: `${source.file}: cannot be read (${reason}). tollgate init writes one.` };
  }
}
