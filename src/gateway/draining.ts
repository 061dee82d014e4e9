import type { CallClock } from "./clock.ts";

/** So many replies are read on at once after their clients left, and each no longer than this. */
const mostAtOnce = 64;
const longestMs = 60_000;

/** Replies that are read to their end for the exact usage, with nobody waiting for them. */
class Draining {
  readonly #clocks = new Set<CallClock>();

  /** False where there are too many already: the upstream is given up then, and the usage is an estimate. */
  begin(clock: CallClock, idleMs: number): boolean {
    for (const one of this.#clocks) if (!one.isRunning) this.#clocks.delete(one);
    if (this.#clocks.size >= mostAtOnce) return false;
    this.#clocks.add(clock);
    clock.wait("upstream_idle", idleMs);
    clock.limit(longestMs);
    return true;
  }
}

/** Of this process. */
export const draining = new Draining();
