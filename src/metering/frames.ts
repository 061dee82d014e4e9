import { MarkerFinder } from "./finder.ts";
import { Hold } from "./hold.ts";

/** A larger frame is neither held nor parsed as it is, but read as it goes by. */
const largestFrame = 64 * 1024;

/** Reads one large frame, part by part. */
export interface LargeFrame {
  write(bytes: Uint8Array, from: number, to: number): void;
  end(): void;
}

/** What is done with the frames of a stream. */
export interface FrameTaker {
  /** A frame that stands in `bytes` as a whole. */
  frame(bytes: Uint8Array, from: number, to: number, isMarked: boolean): void;
  large(): LargeFrame;
}

/** Puts the parts of frames together. Only what no chunk has as a whole is copied. */
export class Frames {
  readonly #take: FrameTaker;
  readonly #markers: MarkerFinder;
  readonly #hold = new Hold();
  #large: LargeFrame | null = null;

  constructor(markers: readonly string[], take: FrameTaker) {
    this.#markers = new MarkerFinder(markers);
    this.#take = take;
  }

  /** Nothing is held of a frame that is not complete. */
  get isEmpty(): boolean {
    return this.#large === null && this.#hold.length === 0;
  }

  /** Before the parts of a chunk. */
  begin(chunk: Uint8Array): void {
    this.#markers.begin(chunk);
  }

  /** The chunk's part of a frame that goes on in the next one. */
  more(chunk: Uint8Array, from: number, to: number): void {
    if (this.#large === null && this.#hold.length + to - from <= largestFrame) {
      this.#hold.append(chunk, from, to);
    } else {
      this.#writeLarge(chunk, from, to);
    }
  }

  /** The last part of a frame, mostly the whole. */
  last(chunk: Uint8Array, from: number, to: number): void {
    if (this.#hold.length > 0 || this.#large !== null) {
      this.more(chunk, from, to);
      this.finish();
      this.#markers.begin(chunk);
    } else {
      const isMarked = this.#markers.isIn(from, to);
      if (isMarked && to - from > largestFrame) {
        this.#writeLarge(chunk, from, to);
        this.finish();
      } else {
        this.#take.frame(chunk, from, to, isMarked);
      }
    }
  }

  /** Takes what is there as a frame; nothing where nothing is. */
  finish(): void {
    if (this.#large !== null) {
      this.#large.end();
      this.#large = null;
    } else if (this.#hold.length > 0) {
      const held = this.#hold.bytes();
      this.#markers.begin(held);
      this.#take.frame(held, 0, held.length, this.#markers.isIn(0, held.length));
      this.#hold.clear();
    }
  }

  #writeLarge(chunk: Uint8Array, from: number, to: number): void {
    if (this.#large === null) {
      this.#large = this.#take.large();
      this.#large.write(this.#hold.bytes(), 0, this.#hold.length);
      this.#hold.clear();
    }
    this.#large.write(chunk, from, to);
  }
}
