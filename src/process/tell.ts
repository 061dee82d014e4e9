import { writeSync } from "node:fs";

/** A line on stderr for the person who started the program; lost where nobody can read it. */
export function tell(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // A reader that is gone, a full disk: no reason to end.
  }
}
