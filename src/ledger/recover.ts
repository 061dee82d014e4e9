import { type OpenEntry, type RowEntry, scopesOf } from "../core/journal.ts";
import type { CallRow } from "../core/types.ts";
import { bootMs } from "./boot-clock.ts";
import { decodeEntry, type OpenHead, openHeadOf, type RowHead, rowHeadOf } from "./format.ts";
import { textsOf } from "./read-segment.ts";
import { tickOf } from "./rate-window.ts";
import type { Segment } from "./segments.ts";
import type { Tally, TallyBook } from "./tally.ts";

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
  const replay = new Replay(book);
  for (const segment of segments) {
    const folded = position(segment.name);
    for (const { offset, text } of textsOf(segment)) replay.read(text, offset < folded);
  }
  return replay.lost();
}

/** Adds what a row costs to every account that it belongs to. */
export function charge(book: TallyBook, row: CallRow, modelScopes: readonly string[]): void {
  const cost = row.costNanoUsd ?? 0;
  if (cost === 0) return;
  for (const scope of scopesOf(row)) book.of(scope).spentNanoUsd += cost;
  for (const scope of modelScopes) book.of(scope).spentNanoUsd += cost;
}

/** A call without a row so far. */
interface OpenCall {
  readonly text: string;
  /** When it was sent, where that is in the last minute. */
  readonly tick: number | null;
  readonly tokens: number;
}

/** Entries are decoded only where that is needed: a start has to be quick. */
class Replay {
  readonly #book: TallyBook;
  readonly #open = new Map<string, OpenCall>();
  /** A row may stand before its open entry, which every segment begins anew with, and in two processes' segments. */
  readonly #closed = new Set<string>();
  readonly #tallies = new Map<string, readonly Tally[]>();
  readonly #ofPayers = new Map<string, readonly Tally[]>();
  readonly #now = bootMs();
  readonly #wallNow = Date.now();

  constructor(book: TallyBook) {
    this.#book = book;
  }

  read(text: string, isFolded: boolean): void {
    const head = openHeadOf(text);
    if (head !== null) this.#begin(head, text);
    else {
      const row = rowHeadOf(text);
      if (row !== null) this.#end(row, text, isFolded);
      else if (!isFolded) this.#change(text);
    }
  }

  lost(): Lost {
    return [...this.#open.values()].flatMap((call) => {
      const entry = decodeEntry(call.text);
      if (entry?.kind !== "open") return [];
      this.#countRate(call, this.#talliesOf(entry));
      return [{ kind: "row", row: entry.row, modelScopes: entry.modelScopes }];
    });
  }

  #begin(head: OpenHead, text: string): void {
    const { id, tokens } = head;
    if (this.#closed.has(id) || this.#open.has(id)) return;
    this.#open.set(id, { text, tick: this.#tickOf(head), tokens });
  }

  #end(head: RowHead, text: string, isFolded: boolean): void {
    const { id } = head;
    if (this.#closed.has(id)) return;
    this.#closed.add(id);
    const call = this.#open.get(id);
    this.#open.delete(id);
    if (isFolded && (call === undefined || call.tick === null)) return;
    const tallies = this.#talliesOfRow(head, text);
    if (call !== undefined) this.#countRate(call, tallies);
    const cost = isFolded ? 0 : head.costNanoUsd;
    if (cost !== 0) for (const tally of tallies) tally.spentNanoUsd += cost;
  }

  /** Decoded only where no row of the same payer was. */
  #talliesOfRow({ payer }: RowHead, text: string): readonly Tally[] {
    const known = payer === null ? undefined : this.#ofPayers.get(payer);
    if (known !== undefined) return known;
    const entry = decodeEntry(text);
    const tallies = entry?.kind === "row" ? this.#talliesOf(entry) : [];
    if (payer !== null) this.#ofPayers.set(payer, tallies);
    return tallies;
  }

  /** Counts of refused calls are the store's alone. */
  #change(text: string): void {
    const entry = decodeEntry(text);
    if (entry?.kind === "adjust") this.#book.of(entry.scope).spentNanoUsd += entry.nanoUsd;
    if (entry?.kind !== "period") return;
    const tally = this.#book.of(entry.scope);
    if (entry.start <= tally.periodStart) return;
    tally.periodStart = entry.start;
    tally.spentNanoUsd = entry.spentNanoUsd;
  }

  /** All that a call counts for; most calls have the same as one before. */
  #talliesOf({ row, modelScopes }: OpenEntry | RowEntry): readonly Tally[] {
    const name = `${row.keyId} ${row.teamId?.length} ${row.teamId} ${row.route}`; // a team may have any name
    let tallies = this.#tallies.get(name);
    if (tallies === undefined) {
      tallies = scopesOf(row).map((scope) => this.#book.of(scope));
      this.#tallies.set(name, tallies);
    }
    if (modelScopes.length === 0) return tallies;
    return [...tallies, ...modelScopes.map((scope) => this.#book.of(scope))];
  }

  #countRate({ tick, tokens }: OpenCall, tallies: readonly Tally[]): void {
    if (tick === null) return;
    const now = tickOf(this.#now);
    for (const tally of tallies) {
      tally.requestWindow(now).put(now, tick, 1);
      if (tokens > 0) tally.tokenWindow(now).put(now, tick, tokens);
    }
  }

  /** By the clock that does not jump, or by the wall's where the machine was started anew in between. */
  #tickOf({ bootMs: sentAt, startedAt }: OpenHead): number | null {
    const byBoot = this.#now - sentAt;
    const byWall = this.#wallNow - startedAt;
    const age = Math.min(byBoot < 0 ? Infinity : byBoot, byWall < 0 ? Infinity : byWall);
    return age > windowMs ? null : tickOf(this.#now - age + 1_000); // a second of doubt between the two processes' clocks
  }
}
