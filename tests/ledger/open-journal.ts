import { Journal, type JournalOptions } from "../../src/ledger/journal.ts";
import { encodeEntry } from "../../src/ledger/format.ts";
import { entriesOf } from "../../src/ledger/read-segment.ts";
import { listSegments, type Segment } from "../../src/ledger/segments.ts";
import { callRow, rowEntry } from "./parts.ts";

export interface TestJournal extends Disposable {
  readonly journal: Journal;
  /** What `failing` was told. */
  readonly told: (string | null)[];
}

export const owner = `${process.pid}-1`;

export function openJournal(folder: string, parts: Partial<JournalOptions> = {}): TestJournal {
  const told: (string | null)[] = [];
  const journal = new Journal({
    folder,
    owner,
    syncEveryTurn: false,
    isQuiet: () => false,
    carryOver: () => [],
    failing: (code) => void told.push(code),
    ...parts,
  });
  return { journal, told, [Symbol.dispose]: () => journal.close() };
}

/** The record of a call that ended, with `bytes` of metadata. */
export function rowText(id: string, bytes = 0): string {
  return encodeEntry(rowEntry(callRow(id, { metadata: "m".repeat(bytes) })));
}

/** Ids of the calls in a segment, in their order, an open one as `open <id>`. */
export function idsIn(segment: Segment): string[] {
  return [...entriesOf(segment)].flatMap(({ entry }) => {
    if (entry.kind === "row") return [entry.row.id];
    return entry.kind === "open" ? [`open ${entry.row.id}`] : [];
  });
}

/** All segments of a folder. */
export function idsOf(folder: string): string[] {
  return listSegments(folder).flatMap(idsIn);
}
