import type { Transform } from "node:stream";
import type { ContentCoding } from "../core/content-codings.ts";
import { openCoding } from "./codings.ts";
import type { Reader } from "./reader.ts";
import type { Tally } from "./tally.ts";

const mebibyte = 1024 * 1024;
/** Coded bytes that wait for a decoder: more, and the copy is given up; the reply itself waits for nothing. */
const mostWaiting = 16 * mebibyte;
/** The same, of all replies together. */
const mostWaitingInAll = 64 * mebibyte;
let waitingInAll = 0;
/** What a bomb may grow to before its ratio is looked at. */
const alwaysAllowed = 8 * mebibyte;
const largestRatio = 100;
const mostOfDocument = 32 * mebibyte;

/**
 * Decodes a copy for `reader`, as it comes, in bounded memory. What grows beyond 100 times its size (a document:
 * beyond 32 MiB), is broken, or comes faster than it can be decoded, is given up: unparsed, and no more work is done.
 */
export class Decoding implements Reader {
  readonly #codings: readonly ContentCoding[];
  readonly #reader: Reader;
  readonly #tally: Tally;
  readonly #mostBytes: number;
  readonly #stages: (Transform | null)[];
  readonly #settled = Promise.withResolvers<void>();
  #taken = 0;
  #waiting = 0;
  #isOver = false;

  constructor(
    codings: readonly ContentCoding[],
    isDocument: boolean,
    reader: Reader,
    tally: Tally,
  ) {
    this.#codings = codings;
    this.#mostBytes = isDocument ? mostOfDocument : Infinity;
    this.#reader = reader;
    this.#tally = tally;
    this.#stages = codings.map(() => null);
  }

  chunk(bytes: Uint8Array): void {
    if (this.#isOver || bytes.length === 0) return;
    this.#taken += bytes.length;
    if (this.#waiting + bytes.length > mostWaiting) return this.#giveUp();
    if (waitingInAll + bytes.length > mostWaitingInAll) return this.#giveUp();
    const { length } = bytes; // whose memory may be another chunk's by then
    this.#wait(length);
    this.#stage(0, bytes).write(Buffer.from(bytes), () => {
      if (!this.#isOver) this.#wait(-length);
    });
  }

  end(): void | Promise<void> {
    const [first = null] = this.#stages;
    if (this.#isOver || first === null) return this.#reader.end();
    first.end();
    return this.#settled.promise.then(() => {
      this.#stop();
      return this.#reader.end();
    });
  }

  /** Opened by its first bytes, which tell the kind of `deflate`. */
  #stage(index: number, bytes: Uint8Array): Transform {
    const known = this.#stages[index];
    if (known) return known;
    const stage = openCoding(this.#codings[index] ?? "gzip", bytes[0] ?? 0);
    this.#stages[index] = stage;
    const isLast = index === this.#codings.length - 1;
    let produced = 0;
    stage.on("data", (part: Buffer) => {
      produced += part.length;
      if (this.#isOver) return;
      if (produced > this.#mostNow()) this.#giveUp();
      else if (isLast) this.#read(part);
      else this.#pass(stage, index + 1, part);
    });
    stage.on("error", () => this.#giveUp());
    stage.on("end", () => {
      const next = this.#stages[index + 1];
      if (next) next.end();
      else this.#settled.resolve();
    });
    return stage;
  }

  #mostNow(): number {
    return Math.min(this.#mostBytes, Math.max(alwaysAllowed, largestRatio * this.#taken));
  }

  #read(part: Buffer): void {
    this.#tally.bytes += part.length;
    this.#reader.chunk(part);
    if (this.#reader.isBlind?.()) this.#stop();
  }

  #pass(stage: Transform, index: number, part: Buffer): void {
    const next = this.#stage(index, part);
    if (next.write(part)) return;
    stage.pause();
    next.once("drain", () => stage.resume());
  }

  #giveUp(): void {
    if (this.#isOver) return;
    this.#tally.isUnparsed = true;
    this.#stop();
  }

  #wait(length: number): void {
    this.#waiting += length;
    waitingInAll += length;
  }

  /** No more is decoded. */
  #stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#wait(-this.#waiting);
    for (const stage of this.#stages) stage?.destroy();
    this.#settled.resolve();
  }
}
