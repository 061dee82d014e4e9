import { readFileSync } from "node:fs";
import type { Log } from "../logging/log.ts";
import { StartError } from "./start-error.ts";

const least = 1_024;
const comfortable = 8_192;

/** Files that are open anyway: listeners, logs, the runtime's own. */
const reserve = 128;

/**
 * How many calls there are files for, two each; infinite where there are plenty. The hard limit counts: the runtime
 * raises the soft one to it. Throws a `StartError` where there are too few for any use.
 */
export function callCap(log: Log): number {
  const limit = hardLimit();
  if (limit >= comfortable) return Number.POSITIVE_INFINITY;
  if (limit < least) {
    throw new StartError(
      `At most ${limit} open files are allowed: too few. Raise the hard limit to 65536 (ulimit -Hn, LimitNOFILE=).`,
    );
  }
  const cap = Math.floor((limit - reserve) / 2);
  log.warn("file_limit", {
    message: `At most ${limit} open files are allowed: calls are capped at ${cap}. Raise the hard limit to 65536.`,
  });
  return cap;
}

/** Infinite where it cannot be read. */
function hardLimit(): number {
  try {
    const line = /^Max open files +\S+ +(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
    const hard = Number(line?.[1]);
    return Number.isNaN(hard) ? Number.POSITIVE_INFINITY : hard;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
