import { bootMs } from "./boot-clock.ts";

/** Half seconds: what is taken is forgotten after 60.5 s at the earliest, and after 61 s at the latest. */
const tickMs = 500;

/**
 * One more than 60 seconds hold, and another one: a call may be under way to the upstream for that long after it was
 * counted, and the upstream too sees no more than the limit in any 60 seconds.
 */
const ticks = 122;

/** A bucket holds no more. */
const most = 0xffff_ffff;

/** What was taken in one tick of the boot clock. */
export type TickCount = readonly [tick: number, count: number];

/** The tick that runs now. */
export function tickNow(): number {
  return tickOf(bootMs());
}

export function tickOf(ms: number): number {
  return Math.floor(ms / tickMs);
}

/** An exact sliding window over the last 60 seconds: never more than what was taken in any of them. */
export class RateWindow {
  readonly #buckets = new Uint32Array(ticks);
  #newest: number;
  #sum = 0;

  constructor(now: number) {
    this.#newest = now;
  }

  used(now: number): number {
    this.#moveTo(now);
    return this.#sum;
  }

  take(now: number, count: number): void {
    this.put(now, now, count);
  }

  /** What was taken in an earlier `tick`, told now. */
  put(now: number, tick: number, count: number): void {
    this.#moveTo(now);
    this.correct(Math.min(tick, this.#newest), count);
  }

  /** Changes what was taken in `tick`; nothing to do once that has left the window. */
  correct(tick: number, by: number): void {
    if (tick > this.#newest || tick <= this.#newest - ticks) return;
    const at = slot(tick);
    const before = this.#buckets[at] ?? 0;
    const after = Math.min(most, Math.max(0, before + by));
    this.#buckets[at] = after;
    this.#sum += after - before;
  }

  /** In how many seconds `count` more fit under `limit`; null where they never will. */
  freeIn(now: number, limit: number, count: number): number | null {
    if (count > limit) return null;
    this.#moveTo(now);
    let left = this.#sum;
    let tick = now - ticks;
    while (left + count > limit && tick < now) left -= this.#buckets[slot(++tick)] ?? 0;
    return Math.max(1, Math.ceil(((tick + ticks - now) * tickMs) / 1000));
  }

  /** Every tick that holds something. */
  counts(): TickCount[] {
    const all: TickCount[] = [];
    for (let tick = this.#newest - ticks + 1; tick <= this.#newest; tick++) {
      const count = this.#buckets[slot(tick)] ?? 0;
      if (count > 0) all.push([tick, count]);
    }
    return all;
  }

  #moveTo(now: number): void {
    if (now <= this.#newest) return;
    if (now - this.#newest >= ticks) {
      this.#buckets.fill(0);
      this.#sum = 0;
    } else {
      for (let tick = this.#newest + 1; tick <= now; tick++) {
        const at = slot(tick);
        this.#sum -= this.#buckets[at] ?? 0;
        this.#buckets[at] = 0;
      }
    }
    this.#newest = now;
  }
}

/** After a restart ticks can lie before the machine's start: those of another clock. */
function slot(tick: number): number {
  return ((tick % ticks) + ticks) % ticks;
}
