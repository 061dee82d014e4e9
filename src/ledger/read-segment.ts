import { readFileSync, truncateSync } from "node:fs";
import type { JournalEntry } from "../core/journal.ts";
import { decodeEntry, readRecord } from "./format.ts";
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

/**
 * All that a segment holds which nobody writes any more. A record that was cut off at its end is cut off the file.
 * Throws a `DamagedSegment`.
 */
export function* entriesOf({ path }: Segment): Generator<PlacedEntry> {
  const bytes = readFileSync(path);
  for (let offset = 0; ;) {
    const record = readRecord(bytes, offset);
    if (record.kind === "damaged") throw new DamagedSegment(path, offset);
    if (record.kind === "torn") truncateSync(path, offset);
    if (record.kind !== "record") return;
    const entry = decodeEntry(record.text);
    if (entry !== null) yield { offset, entry };
    offset = record.next;
  }
}
