import { Finder } from "./finder.ts";
import type { LargeFrame } from "./frames.ts";
import { JsonScanner } from "./json-scanner.ts";
import type { Tally } from "./tally.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;
const lineBreak = new Uint8Array([lineFeed]);
const longestName = 256;
/** No message has more: what does is not read on. */
const mostLines = 16 * 1024;

/**
 * A frame of server-sent events that is too large to be held, such as one with an image in it, or with the whole of a
 * long answer: its data is shortened as it goes by, and shown at the end.
 */
export class LargeSseFrame implements LargeFrame {
  readonly #tally: Tally;
  readonly #scanner: JsonScanner;
  #json: string | null = null;
  #isMessage = false;
  #event: string | null = null;
  /** The field of the line that it stands in; null where its name is not complete. */
  #field: string | null = null;
  #name = "";
  #lines = 0;
  readonly #feeds = new Finder(lineFeed);
  readonly #returns = new Finder(carriageReturn);

  constructor(markers: readonly string[], tally: Tally) {
    this.#tally = tally;
    this.#scanner = new JsonScanner(markers, false, (json) => {
      this.#json = json;
    });
  }

  write(bytes: Uint8Array, from: number, to: number): void {
    let at = from;
    this.#feeds.begin(bytes);
    this.#returns.begin(bytes);
    while (at < to && this.#lines < mostLines) {
      if (this.#field === null) {
        at = this.#passName(bytes, at, to);
        continue;
      }
      const end = Math.min(this.#feeds.next(at), this.#returns.next(at), to);
      if (this.#field === "data") this.#scanner.write(bytes, at, end);
      else if (this.#field === "event") this.#addToEvent(bytes, at, end);
      if (end < to) {
        if (this.#field === "data") this.#scanner.write(lineBreak, 0, 1);
        this.#field = null;
        this.#lines += 1;
      }
      at = end + 1;
    }
  }

  end(): void {
    this.#tally.messages += Number(this.#isMessage);
    const isShown =
      this.#json === null || this.#tally.show(this.#json, this.#event?.trim() ?? null);
    if (!isShown || this.#scanner.isBroken || this.#lines >= mostLines)
      this.#tally.isUnparsed = true;
  }

  #passName(bytes: Uint8Array, from: number, to: number): number {
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      const isEnd = byte === lineFeed || byte === carriageReturn;
      if (isEnd) {
        this.#name = "";
        this.#lines += 1;
        if (this.#lines >= mostLines) return to;
      } else if (byte !== colon) {
        if (this.#name.length < longestName) this.#name += String.fromCharCode(byte);
        continue;
      } else {
        this.#field = this.#name;
        this.#name = "";
        if (this.#field === "data") this.#isMessage = true;
        if (this.#field === "event") this.#event = "";
        return at + 1;
      }
    }
    return to;
  }

  #addToEvent(bytes: Uint8Array, from: number, to: number): void {
    const name = (this.#event ?? "") + Buffer.from(bytes.subarray(from, to)).toString("latin1");
    this.#event = name.slice(0, longestName);
  }
}
