import type { Budget } from "./budget.ts";

/** The smallest piece of memory: most requests fit in, and the first events of a stream. */
const firstBytes = 2 * 1024;

const none = new Uint8Array(0);

/** Pieces of that size that came back: to ask for new ones costs more than to fill them. */
const spare: Uint8Array[] = [];
const maxSpare = 256;

/** The beginning of one body, copied as it passes. Once it is full, bytes are only counted. */
export class BodyBuffer {
  readonly #maxBytes: number;
  readonly #budget: Budget;
  #memory: Uint8Array = none;
  #length = 0;
  #passed = 0;
  #isFull = false;
  #isStarved = false;

  constructor(maxBytes: number, budget: Budget) {
    this.#maxBytes = maxBytes;
    this.#budget = budget;
  }

  add(bytes: Uint8Array): void {
    this.#passed += bytes.length;
    if (this.#isFull) return;
    const wanted = Math.min(this.#length + bytes.length, this.#maxBytes);
    if (wanted > this.#memory.length) this.#grow(wanted);
    const room = Math.min(wanted, this.#memory.length) - this.#length;
    this.#memory.set(room < bytes.length ? bytes.subarray(0, room) : bytes, this.#length);
    this.#length += room;
    this.#isFull = this.#isStarved || this.#length === this.#maxBytes;
  }

  /** What is kept so far; of use until `release`. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length);
  }

  /** How many passed. */
  get passed(): number {
    return this.#passed;
  }

  get isCut(): boolean {
    return this.#passed > this.#length;
  }

  /** It was cut since there was no memory left for it. */
  get isStarved(): boolean {
    return this.#isStarved;
  }

  release(): void {
    this.#budget.give(this.#memory.length);
    if (this.#memory.length === firstBytes && spare.length < maxSpare) spare.push(this.#memory);
    this.#memory = none;
    this.#length = 0;
    this.#isFull = true;
  }

  #grow(wanted: number): void {
    const size = Math.min(this.#maxBytes, Math.max(wanted, firstBytes, this.#memory.length * 2));
    if (!this.#budget.take(size - this.#memory.length)) {
      this.#isStarved = true;
      return;
    }
    const used = size === firstBytes ? spare.pop() : undefined;
    const memory = used ?? Buffer.allocUnsafeSlow(size);
    if (this.#length > 0) memory.set(this.bytes);
    this.#memory = memory;
  }
}
