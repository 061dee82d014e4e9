import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** One file of the journal. Its name tells the order, and which process writes it. */
export interface Segment {
  readonly name: string;
  readonly path: string;
  readonly number: number;
  /** `<pid>-<when the process started>`. */
  readonly owner: string;
}

const form = /^(\d{12})-(\d+-\d*)\.journal$/;

/** The journal's files, oldest first. Makes the folder where it is missing. */
export function listSegments(folder: string): Segment[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return readdirSync(folder)
    .flatMap((name) => {
      const [, number = "", owner = ""] = form.exec(name) ?? [];
      return number === ""
        ? []
        : [{ name, path: join(folder, name), number: Number(number), owner }];
    })
    .sort((a, b) => a.number - b.number);
}

/** A name behind all that are there. */
export function nextSegment(folder: string, owner: string): Segment {
  const number = (listSegments(folder).at(-1)?.number ?? 0) + 1;
  const name = `${String(number).padStart(12, "0")}-${owner}.journal`;
  return { name, path: join(folder, name), number, owner };
}

/** Bytes of a file; 0 for one that is not there. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
