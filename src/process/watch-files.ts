import { statSync } from "node:fs";
import { stat } from "node:fs/promises";

/** How often the files are looked at. */
const intervalMs = 200;

/** How long a change must hold before it counts: whoever writes may not be done. */
const settleMs = 50;

/**
 * Calls `changed` after one of the files became another one: written, renamed over, or reached by a symlink that
 * was swapped. Looks at what the path leads to, so it needs no knowledge of how the change was made.
 */
export function watchFiles(files: readonly string[], changed: () => void): void {
  let seen = files.map(fingerprintNow).join("|");
  let pending = seen;
  const look = async () => {
    const now = (await Promise.all(files.map(fingerprint))).join("|");
    const holds = now === pending;
    const isNew = now !== seen;
    pending = now;
    if (isNew && holds) seen = now;
    again(isNew && !holds ? settleMs : intervalMs);
    if (isNew && holds) changed();
  };
  const again = (ms: number) => setTimeout(() => void look(), ms).unref();
  again(intervalMs);
}

interface Stats {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** The time of the last change too: a copy may keep the time of the last writing. */
function textOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`;
}

const missing = "missing";

async function fingerprint(file: string): Promise<string> {
  try {
    return textOf(await stat(file));
  } catch {
    return missing;
  }
}

function fingerprintNow(file: string): string {
  try {
    return textOf(statSync(file));
  } catch {
    return missing;
  }
}
