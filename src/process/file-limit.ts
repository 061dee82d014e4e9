import { readFileSync } from "node:fs";

/** What the limit of open files means for a gateway: each call takes two. */
export type FileLimit =
  | { readonly kind: "enough" }
  | { readonly kind: "tight"; readonly limit: number; readonly maxCalls: number }
  | { readonly kind: "refused"; readonly limit: number };

const least = 1_024;
const comfortable = 8_192;

/** Files that are open anyway: listeners, logs, the runtime's own. */
const reserve = 128;

/** The hard limit counts: the runtime raises the soft one to it. Enough where it cannot be read. */
export function fileLimit(): FileLimit {
  const limit = hardLimit();
  if (limit < least) return { kind: "refused", limit };
  if (limit >= comfortable) return { kind: "enough" };
  return { kind: "tight", limit, maxCalls: Math.floor((limit - reserve) / 2) };
}

function hardLimit(): number {
  try {
    const line = /^Max open files +\S+ +(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
    const hard = Number(line?.[1]);
    return Number.isNaN(hard) ? Number.POSITIVE_INFINITY : hard;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
