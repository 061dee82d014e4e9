import { readFileSync } from "node:fs";
import { uptime } from "node:os";

const atStart = uptimeMs() - performance.now();

/** Milliseconds since the machine started, whatever is done to the wall clock; a restarted process goes on with it. */
export function bootMs(): number {
  return atStart + performance.now();
}

/** To 10 ms; where there is no /proc, to a second. */
function uptimeMs(): number {
  try {
    return Number.parseFloat(readFileSync("/proc/uptime", "utf8")) * 1000;
  } catch {
    return uptime() * 1000;
  }
}
