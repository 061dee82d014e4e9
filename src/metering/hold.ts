const { copy } = Buffer.prototype;
const nothing = new Uint8Array();

/** The copied beginning of what is not complete yet. Whoever appends sees to its size. */
export class Hold {
  length = 0;
  #bytes = nothing;

  append(bytes: Uint8Array, from: number, to: number): void {
    const needed = this.length + to - from;
    if (needed > this.#bytes.length) this.#grow(needed);
    copy.call(bytes, this.#bytes, this.length, from, to);
    this.length = needed;
  }

  /** All that is held; good until the next change. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
    if (this.#bytes.length > keptRoom) this.#bytes = nothing;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length, 256));
    larger.set(this.bytes());
    this.#bytes = larger;
  }
}

const keptRoom = 4 * 1024;
