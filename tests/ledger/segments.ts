import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JournalEntry } from "../../src/core/journal.ts";
import { encodeEntry, putRecord, roomFor } from "../../src/ledger/format.ts";
import type { Segment } from "../../src/ledger/segments.ts";

export interface WrittenSegment extends Segment {
  /** Where each entry's record begins, and where the file ends. */
  readonly offsets: readonly number[];
}

/** A segment as a process that ended has left it. */
export function writeSegment(
  folder: string,
  number: number,
  entries: readonly JournalEntry[],
  owner = "1-1",
): WrittenSegment {
  const name = `${String(number).padStart(12, "0")}-${owner}.journal`;
  const path = join(folder, name);
  const texts = entries.map(encodeEntry);
  const buffer = Buffer.alloc(texts.reduce((sum, text) => sum + roomFor(text), 0));
  const offsets = [0];
  for (const text of texts) offsets.push(putRecord(buffer, offsets.at(-1) ?? 0, text));
  writeFileSync(path, buffer.subarray(0, offsets.at(-1)));
  return { name, path, number, owner, offsets };
}
