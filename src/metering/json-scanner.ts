import { hasMarker } from "./finder.ts";
import {
  backslash,
  blank,
  close,
  comma,
  endsEscaping,
  kinds,
  open,
  openBracket,
  plain,
  quotationMark,
  quote,
  quoteAt,
  shortStringEnd,
} from "./json-bytes.ts";
import { KeptBytes } from "./kept-bytes.ts";
import { textOf } from "./tally.ts";

/** Bounds of what is kept of a document: in bytes, as it is written. */
const most = {
  document: 128 * 1024,
  object: 64 * 1024,
  list: 16 * 1024,
  scalar: 4 * 1024,
} as const;
const deepest = 64;
const slice = 4 * 1024;

/** An object or list that is open. */
interface Level {
  start: number;
  commas: number;
  isList: boolean;
  most: number;
}

const top: Level = { start: 0, commas: 0, isList: false, most: Infinity };
/** Stands in no JSON outside of strings. */
const poison = 0x21;

/** Hears of each document: what is kept of it, as JSON; null where that holds no marker. */
export type JsonListener = (json: string | null) => void;

/** Where the scanner stands. `lost`: in a string too long to be kept; `skipped`: in a part that is not kept. */
const inside = { structure: 0, string: 1, lost: 2, skipped: 3, skippedString: 4 } as const;

/**
 * Shortens JSON of any length in constant memory, as it comes, so that little is left to be parsed: a string of more
 * than 4 KiB becomes `""`, a list that would keep more than 16 KiB becomes `{"length":n}`, an object beyond 64 KiB, or
 * anything nested deeper than 64, becomes `null`. Parts of these are shortened first, so that ten images in base64
 * stay a list of ten objects. What is no JSON stays none. `splits`: a list at the top is not one document, but each
 * of its objects and lists is.
 */
export class JsonScanner {
  /** A document could not be kept: it is too large even when shortened. */
  isBroken = false;
  readonly #markers: readonly string[];
  readonly #splits: boolean;
  readonly #tell: JsonListener;
  readonly #levels: Level[] = [];
  readonly #kept = new KeptBytes();
  #depth = 0;
  #isInList = false;
  #state: number = inside.structure;
  #isEscaped = false;
  /** Where in the kept bytes the string, or what else is no punctuation, began. */
  #scalarAt = 0;
  /** How deep in the skipped part. */
  #skippedDepth = 0;

  constructor(markers: readonly string[], splits: boolean, tell: JsonListener) {
    this.#markers = markers;
    this.#splits = splits;
    this.#tell = tell;
  }

  /** It stands in the middle of a document, or of the list that is split. */
  get isOpen(): boolean {
    return this.#depth > 0 || this.#isInList || this.#state >= inside.skipped;
  }

  write(bytes: Uint8Array, from: number, to: number): void {
    let at = from;
    while (at < to) {
      switch (this.#state) {
        case inside.structure:
          at = this.#passStructure(bytes, at, Math.min(to, at + slice));
          break;
        case inside.string:
          at = this.#passString(bytes, at, Math.min(to, at + slice));
          break;
        case inside.skipped:
          at = this.#passSkipped(bytes, at, to);
          break;
        default:
          at = this.#passLost(bytes, at, to);
      }
    }
  }

  #passStructure(bytes: Uint8Array, from: number, to: number): number {
    const out = this.#kept.room(to - from);
    let length = this.#kept.length;
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      const kind = kinds[byte];
      if (kind === blank && length > 0 && kinds[out[length - 1] ?? 0] === blank) continue;
      out[length] = byte;
      length += 1;
      if (kind === plain || kind === blank) continue;
      this.#kept.length = length;
      this.#cutScalar(1);
      this.#punctuation(byte);
      if (this.#state !== inside.structure) return at + 1;
      length = this.#kept.length;
    }
    this.#kept.length = length;
    this.#cutScalar(0);
    return to;
  }

  /** A number beyond all measure, or what stands for one, is no JSON any more. `behind`: bytes that follow it. */
  #cutScalar(behind: number): void {
    if (this.#kept.length - this.#scalarAt <= most.scalar) return;
    const last = this.#kept.bytes[this.#kept.length - 1] ?? 0;
    this.#kept.length = this.#scalarAt;
    this.#kept.put(poison);
    if (behind > 0) this.#kept.put(last);
  }

  /** The byte that was kept last is one of `" , : [ ] { }`. */
  #punctuation(byte: number): void {
    const kind = kinds[byte];
    if (this.#depth === 0 && kind !== open) {
      if (kind === close) this.#isInList = false;
      this.#kept.length = 0; // only objects and lists can matter
    } else if (kind === open && !this.#open(byte)) return;
    else if (kind === close) this.#close();
    else if (kind === comma) this.#level().commas += 1;
    if (kind === quote) this.#state = inside.string;
    this.#scalarAt = this.#kept.length;
    this.#bound();
  }

  /** False where nothing was opened. */
  #open(byte: number): boolean {
    const isList = byte === openBracket;
    if (this.#depth === 0) {
      this.#kept.length = 0;
      if (isList && this.#splits && !this.#isInList) {
        this.#isInList = true;
        this.#scalarAt = 0;
        return false;
      }
      this.#kept.put(byte);
    }
    const level = (this.#levels[this.#depth] ??= { start: 0, commas: 0, isList, most: 0 });
    level.start = this.#kept.length - 1;
    level.commas = 0;
    level.isList = isList;
    level.most = isList ? most.list : this.#depth === 0 ? most.document : most.object;
    this.#depth += 1;
    if (this.#depth > deepest) this.#skipFrom(deepest);
    return true;
  }

  #close(): void {
    this.#depth -= 1;
    if (this.#depth === 0) this.#complete();
  }

  #complete(): void {
    const kept = this.#kept.bytes.subarray(0, this.#kept.length);
    this.#tell(hasMarker(this.#markers, kept) ? textOf(kept, 0, kept.length) : null);
    this.#kept.length = 0;
  }

  /** Gives up the outermost part that is too large. */
  #bound(): void {
    if (this.#kept.length <= most.list) return;
    for (let depth = 0; depth < this.#depth; depth += 1) {
      const { start, most: mostBytes } = this.#level(depth);
      if (this.#kept.length - start > mostBytes) return this.#skipFrom(depth);
    }
  }

  /** What is open from `depth` on is kept no more. */
  #skipFrom(depth: number): void {
    this.#skippedDepth += this.#depth - depth;
    this.#depth = depth;
    this.#kept.length = this.#level(depth).start;
    this.#state = this.#state === inside.string ? inside.skippedString : inside.skipped;
  }

  #passSkipped(bytes: Uint8Array, from: number, to: number): number {
    const level = this.#level(this.#depth);
    for (let at = from; at < to; at += 1) {
      const kind = kinds[bytes[at] ?? 0];
      if (kind === comma) level.commas += Number(this.#skippedDepth === 1);
      else if (kind === open) this.#skippedDepth += 1;
      else if (kind === quote) {
        at = shortStringEnd(bytes, at + 1, to);
        if (bytes[at] === quotationMark && at < to) continue;
        this.#state = inside.skippedString;
        return at;
      } else if (kind === close) {
        this.#skippedDepth -= 1;
        if (this.#skippedDepth > 0) continue;
        this.#replace(level);
        return at + 1;
      }
    }
    return to;
  }

  /** Writes what stands for a part that was skipped. */
  #replace({ isList, commas }: Level): void {
    this.#state = inside.structure;
    const isTooDeep = this.#depth === deepest;
    const text = isList && !isTooDeep ? `{"length":${commas + 1}}` : "null";
    this.#kept.putText(text);
    this.#scalarAt = this.#kept.length;
    if (this.#depth > 0) return;
    if (isList) return this.#complete();
    this.isBroken = true;
    this.#kept.length = 0;
  }

  #passString(bytes: Uint8Array, from: number, to: number): number {
    const out = this.#kept.room(to - from);
    let length = this.#kept.length;
    let isEscaped = this.#isEscaped;
    let at = from;
    while (at < to) {
      const byte = bytes[at] ?? 0;
      at += 1;
      out[length] = byte;
      length += 1;
      if (isEscaped) isEscaped = false;
      else if (byte === backslash) isEscaped = true;
      else if (byte === quotationMark) {
        this.#state = inside.structure;
        break;
      }
    }
    this.#isEscaped = isEscaped;
    this.#kept.length = length;
    const isEnd = this.#state === inside.structure;
    if (length - this.#scalarAt > most.scalar) {
      this.#kept.length = this.#scalarAt;
      if (isEnd) this.#kept.put(quotationMark);
      else this.#state = inside.lost;
    }
    if (isEnd) this.#scalarAt = this.#kept.length;
    return at;
  }

  /** Looks for the end of a string of which nothing is kept. */
  #passLost(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      at += 1;
    }
    while (at < to) {
      const end = quoteAt(bytes, at, to);
      const isEscaped = endsEscaping(bytes, at, end);
      at = end + 1;
      if (end === to) {
        this.#isEscaped = isEscaped;
        return to;
      }
      if (!isEscaped) {
        this.#leaveLost();
        return at;
      }
    }
    return at;
  }

  #leaveLost(): void {
    if (this.#state === inside.skippedString) {
      this.#state = inside.skipped;
      return;
    }
    this.#kept.putText('"');
    this.#state = inside.structure;
    this.#scalarAt = this.#kept.length;
  }

  #level(depth = this.#depth - 1): Level {
    return this.#levels[depth] ?? top;
  }
}
