import { behindBlankLines } from "./blank-lines.ts";
import { Finder } from "./finder.ts";
import { Frames } from "./frames.ts";
import { Pace } from "./pace.ts";
import type { Reader } from "./reader.ts";
import { LargeSseFrame } from "./sse-large-frame.ts";
import { showSse } from "./sse-message.ts";
import { type Tally, textOf } from "./tally.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const dataField = Buffer.from("data:");

/**
 * Server-sent events (HTML Living Standard §9.2), as far as usage needs them: frames are counted, and parsed where they
 * hold a marker. No text is decoded and nothing is made for the others.
 */
export class SseFrames implements Reader {
  readonly #tally: Tally;
  readonly #frames: Frames;
  readonly #pace: Pace<Uint8Array>;
  readonly #feeds = new Finder(lineFeed);
  readonly #returns = new Finder(carriageReturn);
  readonly #dataFields = new Finder(dataField);
  #searched: Uint8Array | null = null;
  #isAtLineStart = true;
  #isBehindReturn = false;
  #isFirst = true;
  #isCut = false;

  constructor(markers: readonly string[], tally: Tally) {
    this.#tally = tally;
    this.#pace = new Pace(tally, (frame) => this.#showLate(frame));
    this.#frames = new Frames(markers, {
      frame: (bytes, from, to, isMarked) => this.#frame(bytes, from, to, isMarked),
      large: () => new LargeSseFrame(markers, tally),
    });
  }

  chunk(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#frames.begin(bytes);
    this.#feeds.begin(bytes);
    this.#returns.begin(bytes);
    this.#searched = null;
    let start = this.#isBehindReturn && bytes[0] === lineFeed ? 1 : 0;
    let at = start;
    if (length > 0) this.#isBehindReturn = false;
    while (at < length) {
      if (start === at && this.#isAtLineStart && this.#frames.isEmpty) {
        start = behindBlankLines(bytes, at);
        if (start === length) this.#isBehindReturn = bytes[length - 1] === carriageReturn;
        at = start;
        if (at === length) break;
      }
      const end = this.#lineEnd(bytes, at);
      if (end === length) break;
      const next = this.#behindLineEnd(bytes, end);
      if (end === at && this.#isAtLineStart) {
        this.#frames.last(bytes, start, end);
        start = next;
      }
      this.#isAtLineStart = true;
      at = next;
    }
    if (at < length) this.#isAtLineStart = false;
    if (start < length) this.#frames.more(bytes, start, length);
    this.#pace.flush();
  }

  /** A last frame without its blank line counts where it is complete. */
  end(): void {
    this.#isCut = true;
    this.#frames.finish();
  }

  #lineEnd(bytes: Uint8Array, from: number): number {
    if (bytes[from] === lineFeed) return from;
    return Math.min(this.#feeds.next(from), this.#returns.next(from), bytes.length);
  }

  #behindLineEnd(bytes: Uint8Array, end: number): number {
    const next = end + 1;
    if (bytes[end] === lineFeed) return next;
    if (next === bytes.length) this.#isBehindReturn = true;
    return bytes[next] === lineFeed ? next + 1 : next;
  }

  #frame(bytes: Uint8Array, start: number, to: number, isMarked: boolean): void {
    let from = start;
    if (this.#isFirst && from < to) {
      this.#isFirst = false;
      if (bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf) from += 3;
    }
    if (isMarked && this.#pace.admits()) return this.#show(textOf(bytes, from, to));
    this.#tally.messages += Number(this.#hasData(bytes, from, to));
    if (isMarked) this.#pace.postpone(bytes.subarray(from, to));
  }

  #show(frame: string): void {
    if (!showSse(frame, this.#tally)) this.#tally.isUnparsed ||= !this.#isCut;
  }

  #showLate(frame: Uint8Array): void {
    const { messages } = this.#tally; // where it is counted already
    this.#show(textOf(frame, 0, frame.length));
    this.#tally.messages = messages;
  }

  /** Has a line of data that is not the `[DONE]` of OpenAI. */
  #hasData(bytes: Uint8Array, from: number, to: number): boolean {
    if (isData(bytes, from, to)) return !isDone(bytes, from, to);
    if (this.#searched !== bytes) this.#dataFields.begin(bytes);
    this.#searched = bytes;
    for (let at = this.#dataFields.next(from); at < to; at = this.#dataFields.next(at + 1)) {
      const before = bytes[at - 1];
      if (before === lineFeed || before === carriageReturn) return !isDone(bytes, at, to);
    }
    return false;
  }
}

function isData(bytes: Uint8Array, at: number, to: number): boolean {
  return (
    bytes[at] === 0x64 &&
    bytes[at + 1] === 0x61 &&
    bytes[at + 2] === 0x74 &&
    bytes[at + 3] === 0x61 &&
    bytes[at + 4] === 0x3a &&
    at + 5 <= to
  );
}

const longestDone = "data: [DONE]\r\n".length;

/** Whether a line of data, the last of its frame, says no more than that this was all. */
function isDone(bytes: Uint8Array, at: number, to: number): boolean {
  return to - at <= longestDone && /^data: ?\[DONE\]\s*$/.test(textOf(bytes, at, to));
}
