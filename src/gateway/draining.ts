import type { CallClock } from "./clock.ts";

/** So many replies are read on at once after their clients left, so many of one caller, and each no longer than this. */
const mostAtOnce = 64;
const mostOfOne = 8;
const longestMs = 60_000;

/** What is left for them once the process is to end: nobody waits for them. */
const farewellMs = 2_000;

/** Replies that are read to their end for the exact usage, with nobody waiting for them. */
class Draining {
  readonly #owners = new Map<CallClock, string>();
  #isEnding = false;

  /** False where there are too many already: the upstream is given up then, and the usage is an estimate. */
  begin(clock: CallClock, owner: string): boolean {
    for (const one of this.#owners.keys()) if (!one.isRunning) this.#owners.delete(one);
    const own = [...this.#owners.values()].filter((other) => other === owner).length;
    if (this.#isEnding || this.#owners.size >= mostAtOnce || own >= mostOfOne) return false;
    this.#owners.set(clock, owner);
    clock.limit(longestMs);
    return true;
  }

  /** The process is to end. */
  end(): void {
    this.#isEnding = true;
    for (const clock of this.#owners.keys()) clock.limit(farewellMs);
  }
}

/** Of this process. */
export const draining = new Draining();
