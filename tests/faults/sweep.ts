import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Somewhere a secret must not stand. */
export interface Place {
  readonly name: string;
  readonly text: string;
}

/** Every file of a folder, as its bytes. */
export function filesOf(folder: string): Place[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((name) => {
    const path = join(folder, name);
    return lstatSync(path).isFile() ? [{ name, text: readFileSync(path, "latin1") }] : [];
  });
}
