import type { Metered, ReplyMeter, UsageFold } from "../core/metering.ts";
import { codingsOf, undo } from "./codings.ts";
import { Decoding } from "./decoding.ts";
import { EventStream } from "./event-stream.ts";
import { hasMarker } from "./finder.ts";
import { openJsonDocument } from "./json-document.ts";
import { openJsonLines } from "./json-lines.ts";
import { blind, type Reader } from "./reader.ts";
import { openSniffed } from "./sniffed.ts";
import { SseFrames } from "./sse-frames.ts";
import { Tally, textOf } from "./tally.ts";
import { type Wire, wireOf } from "./wire.ts";

/** The headers that say how a reply is to be read; empty where it does not have them. */
export interface ReplyHead {
  readonly contentType: string;
  readonly contentEncoding: string;
}

/**
 * Opens the meter of one reply that is read as it comes, in constant memory. Of types that hold no messages the bytes
 * are counted as they come, still coded.
 */
export function openMeter(fold: UsageFold, head: ReplyHead): ReplyMeter {
  const tally = new Tally(fold);
  return new Meter(tally, readerFor(wireOf(head.contentType), head, fold, tally));
}

class Meter implements ReplyMeter {
  readonly #tally: Tally;
  readonly #reader: Reader;
  readonly #counts: boolean;

  constructor(tally: Tally, reader: Reader) {
    this.#tally = tally;
    this.#reader = reader;
    this.#counts = !(reader instanceof Decoding);
  }

  chunk(bytes: Uint8Array): void {
    if (this.#counts) this.#tally.bytes += bytes.length;
    try {
      this.#reader.chunk(bytes);
    } catch {
      this.#tally.isUnparsed = true;
    }
  }

  soFar(): Metered {
    return this.#tally.metered();
  }

  end(): Metered | Promise<Metered> {
    try {
      const ended = this.#reader.end();
      if (ended)
        return ended.then(
          () => this.#tally.metered(),
          () => this.#failed(),
        );
      return this.#tally.metered();
    } catch {
      return this.#failed();
    }
  }

  #failed(): Metered {
    this.#tally.isUnparsed = true;
    return this.#tally.metered();
  }
}

function readerFor(wire: Wire, head: ReplyHead, fold: UsageFold, tally: Tally): Reader {
  const reader = openReader(wire, fold.markers, tally);
  if (head.contentEncoding === "" || reader === blind) return reader;
  const codings = codingsOf(head.contentEncoding);
  if (codings === null) {
    tally.isUnparsed = true;
    return blind;
  }
  if (codings.length === 0) return reader;
  return new Decoding(codings, mayBeDocument(wire), reader, tally);
}

function mayBeDocument(wire: Wire): boolean {
  return wire === "json" || wire === "sniffed";
}

function openReader(wire: Wire, markers: readonly string[], tally: Tally): Reader {
  switch (wire) {
    case "json":
      return openJsonDocument(markers, tally);
    case "events":
      return new SseFrames(markers, tally);
    case "lines":
      return openJsonLines(markers, tally);
    case "amazon":
      return new EventStream(markers, tally);
    case "sniffed":
      return openSniffed((found) => openReader(found, markers, tally));
    case "opaque":
      return blind;
  }
}

/** A longer document is shortened before it is parsed, so that no document holds up the process. */
const parsedAsItIs = 64 * 1024;
/** Decoded at once up to here, about a millisecond's work. */
const decodedAtOnce = 512 * 1024;

/** Meters a reply that was read as a whole. A promise only where it is long when decoded. */
export function meterWhole(
  fold: UsageFold,
  head: ReplyHead,
  bytes: Uint8Array,
): Metered | Promise<Metered> {
  if (mayBeDocument(wireOf(head.contentType)) && head.contentEncoding !== "") {
    const decoded = decodedWhole(head.contentEncoding, bytes);
    if (decoded !== null) return meterWhole(fold, { ...head, contentEncoding: "" }, decoded);
  } else if (isShortDocument(head, bytes)) {
    const tally = new Tally(fold);
    tally.bytes = bytes.length;
    tally.messages = 1;
    if (hasMarker(fold.markers, bytes)) {
      tally.isUnparsed = !tally.show(textOf(bytes, 0, bytes.length), null);
    }
    return tally.metered();
  }
  const meter = openMeter(fold, head);
  meter.chunk(bytes);
  return meter.end();
}

function isShortDocument({ contentType, contentEncoding }: ReplyHead, bytes: Uint8Array): boolean {
  if (contentEncoding !== "" || bytes.length > parsedAsItIs) return false;
  return bytes[0] === openBrace && mayBeDocument(wireOf(contentType));
}

const openBrace = 0x7b;

/** Null where it is to be decoded bit by bit, or is broken. */
function decodedWhole(contentEncoding: string, bytes: Uint8Array): Uint8Array | null {
  let decoded = bytes;
  try {
    for (const coding of codingsOf(contentEncoding) ?? [null]) {
      if (coding === null) return null;
      decoded = undo(coding, decoded, decodedAtOnce);
    }
  } catch {
    return null;
  }
  return decoded;
}
