import type { JournalEntry } from "../core/journal.ts";
import type { Principal } from "../core/key-record.ts";
import type { Ledger, Seat } from "../core/ledger.ts";
import type { Budget } from "../core/limits.ts";
import type { NanoUsd } from "../core/money.ts";
import type { Route } from "../core/routes.ts";
import type { Standing } from "../core/spend.ts";
import type { CallRecord } from "../core/types.ts";
import { encodeEntry } from "./format.ts";
import { tickNow } from "./rate-window.ts";
import { refusedRowOf, rowOf } from "./rows.ts";
import { CallSeat, periodOf, type SeatParts } from "./seat.ts";
import type { HandoverState, Successor } from "./successor.ts";
import { TurnedAway } from "./turned-away.ts";

export type LedgerParts = Omit<SeatParts, "successor">;

/** How often counts of refused calls are written. */
const countsMs = 1_000;

/** How often it is looked which windows are not needed. */
const restMs = 60_000;

/** Counters in memory, and the journal that outlives them. */
export class LocalLedger implements Ledger {
  readonly #parts: LedgerParts;
  readonly #seatParts: SeatParts;
  readonly #turnedAway = new TurnedAway();
  readonly #timers: readonly Timer[];
  #successor: Promise<Successor | null> | null = null;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
    this.#seatParts = { ...parts, successor: () => this.#successor };
    this.#timers = [
      setInterval(() => this.writeCounts(), countsMs),
      setInterval(() => parts.book.rest(tickNow()), restMs),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  admit(principal: Principal, route: Route): Seat {
    return new CallSeat(principal, route, this.#seatParts);
  }

  finished(record: CallRecord, seat: Seat | null): void {
    if (record.principal === null) {
      this.turnedAway(record.route?.id ?? null, record.error?.code ?? String(record.status));
      return;
    }
    const own = seat instanceof CallSeat ? seat : null;
    own?.leave(record);
    const isOpen = own !== null && own.openText !== null;
    const row = isOpen ? rowOf(record) : refusedRowOf(record);
    this.#append({ kind: "row", row, modelScopes: own?.modelScopes() ?? [] });
  }

  turnedAway(route: string | null, code: string): void {
    this.#turnedAway.count(route, code, Date.now());
  }

  written(): Promise<boolean> {
    return this.#parts.journal.written();
  }

  writeNow(): void {
    this.#parts.journal.flush();
  }

  /** Spend that came from elsewhere, with an imported key. */
  adjust(scope: string, nanoUsd: NanoUsd): void {
    this.#parts.book.of(scope).spentNanoUsd += nanoUsd;
    this.#append({ kind: "adjust", scope, nanoUsd });
  }

  standing(scope: string, budget: Budget | null): Standing {
    const tally = this.#parts.book.of(scope);
    if (budget !== null && tally.enterPeriod(budget, Date.now())) this.#append(periodOf(tally));
    const { spentNanoUsd, heldNanoUsd, periodStart } = tally;
    return { spentNanoUsd, heldNanoUsd, periodStart };
  }

  /**
   * Stops deciding: from now on calls wait for `successor`, and ask it, or decide here again where it resolves with
   * null. Gives all that a successor has to know.
   */
  handOver(successor: Promise<Successor | null>): HandoverState {
    this.#successor = successor;
    void successor.then((other) => {
      if (other === null && this.#successor === successor) this.#successor = null;
    });
    const seats = [...this.#parts.seats];
    for (const seat of seats) seat.vacate();
    return {
      tallies: this.#parts.book.states(),
      calls: seats.flatMap((seat) => seat.underWay ?? []),
    };
  }

  /** The successor is gone: this process decides again. */
  goOn(): void {
    this.#successor = null;
  }

  /** Writes what is left, and ends. */
  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.writeCounts();
    this.#parts.journal.close();
  }

  /** Hands the counts of refused calls to the journal. */
  writeCounts(): void {
    for (const entry of this.#turnedAway.take()) this.#append(entry);
  }

  #append(entry: JournalEntry): void {
    this.#parts.journal.append(encodeEntry(entry));
  }
}
