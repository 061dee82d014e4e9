import { readFileSync, truncateSync } from "node:fs";
import type { JournalEntry } from "../core/journal.ts";
import { decodeEntry, headBytes, recordEnd } from "./format.ts";
import type { Segment } from "./segments.ts";

/** A segment that cannot be read to its end, though more was written behind the place. */
export class DamagedSegment extends Error {
  override readonly name = "DamagedSegment";
  readonly path: string;
  readonly offset: number;

  constructor(path: string, offset: number) {
    super(`${path} is damaged at byte ${offset}`);
    this.path = path;
    this.offset = offset;
  }
}

/** An entry, and where its record begins. */
export interface PlacedEntry {
  readonly offset: number;
  readonly entry: JournalEntry;
}

/** As `eachRecord`, decoded; entries of a kind that this version does not know are left out. */
export function entriesOf(segment: Segment): PlacedEntry[] {
  const entries: PlacedEntry[] = [];
  eachRecord(segment, (bytes, start, end) => {
    const entry = decodeEntry(bytes.toString("utf8", start, end));
    if (entry !== null) entries.push({ offset: start - headBytes, entry });
  });
  return entries;
}

/** Sees a record's payload: the bytes from `start` to `end`. */
export type SeeRecord = (bytes: Buffer, start: number, end: number) => void;

/**
 * All that a segment holds which nobody writes any more. A record that was cut off at its end is cut off the file.
 * Throws a `DamagedSegment`.
 */
export function eachRecord({ path }: Segment, see: SeeRecord): void {
  const bytes = readFileSync(path);
  for (let offset = 0; ;) {
    const next = recordEnd(bytes, offset);
    if (next === "damaged") throw new DamagedSegment(path, offset);
    if (next === "torn") truncateSync(path, offset);
    if (typeof next === "string") return;
    see(bytes, offset + headBytes, next);
    offset = next;
  }
}
