import { stat } from "node:fs/promises";

/** How often the files are looked at; a change must hold for as long before it counts. */
const intervalMs = 200;

/**
 * Calls `changed` after one of the files became another one: written, renamed over, or reached by a symlink that
 * was swapped. Looks at what the path leads to, so it needs no knowledge of how the change was made.
 */
export function watchFiles(files: readonly string[], changed: () => void): { stop(): void } {
  let seen: string | null = null;
  let pending: string | null = null;
  const look = async () => {
    const now = (await Promise.all(files.map(fingerprint))).join("|");
    if (seen === null || now === seen) {
      seen = now;
      pending = null;
    } else if (now !== pending) {
      pending = now;
    } else {
      seen = now;
      pending = null;
      changed();
    }
  };
  void look();
  const timer = setInterval(() => void look(), intervalMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

async function fingerprint(file: string): Promise<string> {
  try {
    const { ino, dev, size, mtimeMs } = await stat(file);
    return `${dev}:${ino}:${size}:${mtimeMs}`;
  } catch {
    return "missing";
  }
}
