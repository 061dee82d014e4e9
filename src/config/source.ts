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
