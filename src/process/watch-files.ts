import { statSync } from "node:fs";
import { stat } from "node:fs/promises";

/** How often the files are looked at; a change must hold for as long before it counts. */
const intervalMs = 100;

/**
 * Calls `changed` after one of the files became another one: written, renamed over, or reached by a symlink that
 * was swapped. Looks at what the path leads to, so it needs no knowledge of how the change was made.
 */
export function watchFiles(files: readonly string[], changed: () => void): { stop(): void } {
  let seen = files.map(fingerprintNow).join("|");
  let pending: string | null = null;
  let busy = false;
  const look = async () => {
    if (busy) return;
    busy = true;
    const now = (await Promise.all(files.map(fingerprint))).join("|");
    busy = false;
    if (now === seen) pending = null;
    else if (now !== pending) pending = now;
    else {
      seen = now;
      pending = null;
      changed();
    }
  };
  const timer = setInterval(() => void look(), intervalMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
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
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? missing : textOf(stats);
}
