import { type JournalEntry, type OpenEntry, type RowEntry, scopesOf } from "../core/journal.ts";
import type { NanoUsd } from "../core/money.ts";
import type { CallRow } from "../core/types.ts";
import { bootMs } from "./boot-clock.ts";
import { decodeEntry, type OpenHead, openHeadOf, type RowHead, rowHeadOf } from "./format.ts";
import { eachRecord } from "./read-segment.ts";
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
    eachRecord(segment, (bytes, start, end) => replay.read({ bytes, start, end }, start < folded));
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

/** A record that may have to be decoded. */
interface Payload {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** A call without a row so far. */
interface OpenCall {
  readonly payload: Payload;
  /** When it was sent, where that is in the last minute. */
  readonly tick: number | null;
  readonly tokens: number;
}

/** What calls of the same key, team and route have in common, and what of theirs is not counted yet. */
interface Payer {
  readonly tallies: readonly Tally[];
  costNanoUsd: NanoUsd;
  readonly requests: Map<number, number>;
  readonly tokens: Map<number, number>;
}

/** Entries are decoded only where that is needed: a start has to be quick. */
class Replay {
  readonly #book: TallyBook;
  readonly #open = new Map<string, OpenCall>();
  /** A row may stand before its open entry, which every segment begins anew with, and in two processes' segments. */
  readonly #closed = new Set<string>();
  readonly #payers = new Map<string, Payer>();
  readonly #now = bootMs();
  readonly #wallNow = Date.now();

  constructor(book: TallyBook) {
    this.#book = book;
  }

  read(payload: Payload, isFolded: boolean): void {
    const { bytes, start, end } = payload;
    const text = bytes.toString("latin1", start, end); // what is read of it is ASCII, or compared as it stands
    const head = openHeadOf(text);
    if (head !== null) this.#begin(head, payload);
    else {
      const row = rowHeadOf(text);
      if (row !== null) this.#end(row, payload, isFolded);
      else if (!isFolded) this.#change(payload);
    }
  }

  lost(): Lost {
    const lost = [...this.#open.values()].flatMap((call) => {
      const entry = decoded(call.payload);
      if (entry?.kind !== "open") return [];
      const payer = payerOf(entry, this.#book);
      countRate(call, payer);
      this.#settle(payer);
      return [{ kind: "row" as const, row: entry.row, modelScopes: entry.modelScopes }];
    });
    for (const payer of this.#payers.values()) this.#settle(payer);
    return lost;
  }

  #begin(head: OpenHead, payload: Payload): void {
    const { id, tokens } = head;
    if (this.#closed.has(id) || this.#open.has(id)) return;
    this.#open.set(id, { payload, tick: this.#tickOf(head), tokens });
  }

  #end(head: RowHead, payload: Payload, isFolded: boolean): void {
    const { id } = head;
    if (this.#closed.has(id)) return;
    this.#closed.add(id);
    const call = this.#open.get(id);
    this.#open.delete(id);
    if (isFolded && (call === undefined || call.tick === null)) return;
    const payer = this.#payerOf(head, payload);
    if (payer === null) return;
    if (call !== undefined) countRate(call, payer);
    if (!isFolded) payer.costNanoUsd += head.costNanoUsd;
    if (head.payer === null) this.#settle(payer);
  }

  /** Decoded only where no row of the same payer was. */
  #payerOf({ payer: name }: RowHead, payload: Payload): Payer | null {
    const known = name === null ? undefined : this.#payers.get(name);
    if (known !== undefined) return known;
    const entry = decoded(payload);
    if (entry?.kind !== "row") return null;
    const payer = payerOf(entry, this.#book);
    if (name !== null) this.#payers.set(name, payer);
    return payer;
  }

  /** Counts of refused calls are the store's alone. */
  #change(payload: Payload): void {
    const entry = decoded(payload);
    if (entry?.kind === "adjust") this.#book.of(entry.scope).spentNanoUsd += entry.nanoUsd;
    if (entry?.kind !== "period") return;
    for (const payer of this.#payers.values()) charged(payer); // those before it belong to the period before
    const tally = this.#book.of(entry.scope);
    if (entry.start <= tally.periodStart) return;
    tally.periodStart = entry.start;
    tally.spentNanoUsd = entry.spentNanoUsd;
  }

  #settle(payer: Payer): void {
    charged(payer);
    const now = tickOf(this.#now);
    for (const tally of payer.tallies) {
      for (const [tick, count] of payer.requests) tally.requestWindow(now).put(now, tick, count);
      for (const [tick, count] of payer.tokens) tally.tokenWindow(now).put(now, tick, count);
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

/** All that the call counts for. */
function payerOf({ row, modelScopes }: OpenEntry | RowEntry, book: TallyBook): Payer {
  const tallies = [...scopesOf(row), ...modelScopes].map((scope) => book.of(scope));
  return { tallies, costNanoUsd: 0, requests: new Map(), tokens: new Map() };
}

function countRate({ tick, tokens }: OpenCall, payer: Payer): void {
  if (tick === null) return;
  payer.requests.set(tick, (payer.requests.get(tick) ?? 0) + 1);
  if (tokens > 0) payer.tokens.set(tick, (payer.tokens.get(tick) ?? 0) + tokens);
}

function charged(payer: Payer): void {
  for (const tally of payer.tallies) tally.spentNanoUsd += payer.costNanoUsd;
  payer.costNanoUsd = 0;
}

function decoded({ bytes, start, end }: Payload): JournalEntry | null {
  return decodeEntry(bytes.toString("utf8", start, end));
}
