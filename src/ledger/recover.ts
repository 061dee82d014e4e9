import { type OpenEntry, type RowEntry, scopesOf } from "../core/journal.ts";
import type { CallRow } from "../core/types.ts";
import { bootMs } from "./boot-clock.ts";
import { entriesOf } from "./read-segment.ts";
import { tickNow, tickOf } from "./rate-window.ts";
import type { Segment } from "./segments.ts";
import type { TallyBook } from "./tally.ts";

/** Calls that nobody saw end, as the rows that settle them. */
export type Lost = readonly RowEntry[];

/** How far back rates are counted again. */
const windowMs = 61_000;

/**
 * Reads segments that nobody writes any more, oldest first: what was not folded is counted in the tallies, what was
 * sent in the last minute in the windows. A record that was cut off at the end of a segment is cut off the file.
 * Gives the calls that have no row. Throws a `DamagedSegment`.
 */
export function recover(
  segments: readonly Segment[],
  position: (segment: string) => number,
  book: TallyBook,
): Lost {
  const open = new Map<string, OpenEntry>();
  const closed = new Set<string>();
  for (const segment of segments) replay(segment, position(segment.name), { book, open, closed });
  return [...open.values()].map(({ row, modelScopes }) => ({ kind: "row", row, modelScopes }));
}

/** Adds what a row costs to every account that it belongs to. */
export function charge(book: TallyBook, row: CallRow, modelScopes: readonly string[]): void {
  const cost = row.costNanoUsd ?? 0;
  if (cost === 0) return;
  for (const scope of scopesOf(row)) book.of(scope).spentNanoUsd += cost;
  for (const scope of modelScopes) book.of(scope).spentNanoUsd += cost;
}

interface Replay {
  readonly book: TallyBook;
  readonly open: Map<string, OpenEntry>;
  /** A call's row may stand before its open entry, which every segment begins anew with, and in two processes' segments. */
  readonly closed: Set<string>;
}

function replay(segment: Segment, folded: number, { book, open, closed }: Replay): void {
  for (const { entry, offset } of entriesOf(segment)) {
    const isFolded = offset < folded;
    switch (entry.kind) {
      case "open":
        if (closed.has(entry.row.id) || open.has(entry.row.id)) break;
        open.set(entry.row.id, entry);
        countRate(book, entry);
        break;
      case "row":
        if (closed.has(entry.row.id)) break;
        closed.add(entry.row.id);
        open.delete(entry.row.id);
        if (!isFolded) charge(book, entry.row, entry.modelScopes);
        break;
      case "period": {
        if (isFolded) break;
        const tally = book.of(entry.scope);
        if (entry.start <= tally.periodStart) break;
        tally.periodStart = entry.start;
        tally.spentNanoUsd = entry.spentNanoUsd;
        break;
      }
      case "adjust":
        if (!isFolded) book.of(entry.scope).spentNanoUsd += entry.nanoUsd;
        break;
      case "refused": // counts of refused calls are the store's alone
    }
  }
}

/** By the clock that does not jump, or by the wall's where the machine was started anew in between. */
function countRate(book: TallyBook, { row, tokens, modelScopes, bootMs: sentAt }: OpenEntry): void {
  const now = bootMs();
  const ages = [now - sentAt, Date.now() - row.startedAt].filter((age) => age >= 0);
  const age = Math.min(...ages);
  if (age > windowMs) return;
  const current = tickNow();
  const tick = tickOf(now - age + 1_000); // a second of doubt between the two processes' clocks
  for (const scope of [...scopesOf(row), ...modelScopes]) {
    const tally = book.of(scope);
    tally.requestWindow(current).put(current, tick, 1);
    if (tokens > 0) tally.tokenWindow(current).put(current, tick, tokens);
  }
}
