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

/** An entry that was not decoded yet. */
export interface PlacedText {
  readonly offset: number;
  readonly text: string;
}

/** As `textsOf`, decoded; entries of a kind that this version does not know are left out. */
export function* entriesOf(segment: Segment): Generator<PlacedEntry> {
  for (const { offset, text } of textsOf(segment)) {
    const entry = decodeEntry(text);
    if (entry !== null) yield { offset, entry };
  }
}

/**
 * All that a segment holds which nobody writes any more. A record that was cut off at its end is cut off the file.
 * Throws a `DamagedSegment`.
 */
export function* textsOf({ path }: Segment): Generator<PlacedText> {
  const bytes = readFileSync(path);
  for (let offset = 0; ;) {
    const record = readRecord(bytes, offset);
    if (record.kind === "damaged") throw new DamagedSegment(path, offset);
    if (record.kind === "torn") truncateSync(path, offset);
    if (record.kind !== "record") return;
    yield { offset, text: record.text };
    offset = record.next;
  }
}
