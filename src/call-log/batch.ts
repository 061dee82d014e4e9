import type { Budget } from "./budget.ts";
import { type Frame, putFrame, roomForFrame } from "./frame.ts";

/** Frames that go to the thread together. */
export interface Batch {
  readonly memory: ArrayBuffer;
  /** Of it so much is in use. */
  readonly bytes: number;
  readonly calls: number;
}

export interface BatcherOptions {
  readonly budget: Budget;
  /** A batch goes when it is so large. */
  readonly batchBytes: number;
  /** Takes a batch away; its memory is taken from the budget until `done`. */
  readonly send: (batch: Batch) => void;
}

/** A batch goes when it is so old. */
const waitMs = 100;

/** Memory that came back is used again, a little of it. */
const maxSpare = 4;

/** Gathers frames into batches. */
export class Batcher {
  readonly #options: BatcherOptions;
  readonly #spare: ArrayBuffer[] = [];
  #memory: Buffer | null = null;
  #bytes = 0;
  #calls = 0;
  #timer: Timer | null = null;

  constructor(options: BatcherOptions) {
    this.#options = options;
  }

  /** False where there is no memory for it. */
  add(frame: Frame): boolean {
    const room = roomForFrame(frame);
    if (this.#memory !== null && this.#bytes + room > this.#memory.length) this.flush();
    this.#memory ??= this.#take(Math.max(room, this.#options.batchBytes));
    if (this.#memory === null) return false;
    this.#bytes = putFrame(this.#memory, this.#bytes, frame);
    this.#calls++;
    this.#timer ??= setTimeout(() => this.flush(), waitMs);
    this.#timer.unref();
    return true;
  }

  /** Sends what there is. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#memory === null) return;
    const batch = { memory: this.#memory.buffer, bytes: this.#bytes, calls: this.#calls };
    this.#memory = null;
    this.#bytes = this.#calls = 0;
    if (batch.memory instanceof ArrayBuffer) this.#options.send({ ...batch, memory: batch.memory });
  }

  /** A batch was taken care of, or lost. Its memory, where it came back, is used again. */
  done(bytes: number, memory: ArrayBuffer | null): void {
    this.#options.budget.give(bytes);
    const isUsual = memory?.byteLength === this.#options.batchBytes;
    if (isUsual && this.#spare.length < maxSpare) this.#spare.push(memory);
  }

  #take(bytes: number): Buffer | null {
    if (!this.#options.budget.take(bytes)) return null;
    const spare = bytes === this.#options.batchBytes ? this.#spare.pop() : undefined;
    return spare === undefined ? Buffer.allocUnsafeSlow(bytes) : Buffer.from(spare);
  }
}
