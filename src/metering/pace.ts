import type { Tally } from "./tally.ts";

/** So many messages of one chunk are read as they come, and of the others the last ones. */
const first = 240;
const last = 16;

/**
 * Bounds the work that one chunk can make: of more messages than are worth it those in the middle are left out where
 * counts are cumulative, as the last ones hold. Whatever is still to be read when its chunk ends is read then.
 */
export class Pace<T> {
  readonly #read: (message: T) => void;
  readonly #most: number;
  readonly #late: T[] = [];
  #admitted = 0;
  #postponed = 0;

  constructor(tally: Tally, read: (message: T) => void) {
    this.#most = tally.needsAll ? Infinity : first;
    this.#read = read;
  }

  /** Whether the next message is to be read at once; else it is to be postponed. */
  admits(): boolean {
    if (this.#admitted >= this.#most) return false;
    this.#admitted += 1;
    return true;
  }

  postpone(message: T): void {
    this.#late[this.#postponed % last] = message;
    this.#postponed += 1;
  }

  /** After each chunk. */
  flush(): void {
    const end = this.#postponed;
    this.#admitted = 0;
    this.#postponed = 0;
    for (let at = Math.max(0, end - last); at < end; at += 1) {
      const message = this.#late[at % last];
      if (message !== undefined) this.#read(message);
    }
    this.#late.length = 0;
  }
}
