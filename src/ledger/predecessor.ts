import type { OpenEntry, RowEntry } from "../core/journal.ts";
import type { Need } from "../core/ledger.ts";
import type { NanoUsd } from "../core/money.ts";
import { holdOf, type HoldRules, type PeriodBegan, Places } from "./admission.ts";
import type { Level } from "./levels.ts";
import { tickNow } from "./rate-window.ts";
import { entriesOf } from "./read-segment.ts";
import type { Segment } from "./segments.ts";
import type { CallUnderWay, Granted, HandoverState } from "./successor.ts";
import type { TallyBook } from "./tally.ts";

export interface PredecessorParts {
  readonly book: TallyBook;
  readonly rules: () => HoldRules;
  readonly began: PeriodBegan;
}

/** A call that ended at the predecessor; the cost is null where it was never sent. */
export interface Report {
  readonly id: string;
  readonly costNanoUsd: NanoUsd | null;
  /** What it used; null or left out: nobody knows better than the estimate. */
  readonly tokens?: number | null;
}

/** A call that another process decided on, in this process's counters. */
export interface Foreign {
  settle(costNanoUsd: NanoUsd, tokens: number | null): void;
  giveBack(): void;
  readonly holdNanoUsd: NanoUsd;
}

/**
 * The process before this one, while its last calls end: what it had in memory is in this process's tallies, its calls
 * are settled here as it reports them, and what it never reported is settled by its journal once it is gone.
 */
export class Predecessor {
  readonly #parts: PredecessorParts;
  readonly #calls = new Map<string, Foreign>();

  constructor(parts: PredecessorParts, state: HandoverState) {
    this.#parts = parts;
    parts.book.restore(state.tallies, tickNow());
    for (const call of state.calls) this.#calls.set(call.id, foreignOf(call, parts.book));
  }

  /** A call that reached the predecessor, decided here. Throws what the limits say. */
  reserve(levels: readonly Level[], need: Need, costNanoUsd: NanoUsd | null): Granted {
    const places = new Places(levels);
    try {
      const hold = holdOf(costNanoUsd, need.costNanoUsd ?? null, this.#parts.rules());
      places.reserve(need, hold, this.#parts.began);
    } catch (error) {
      places.giveBack();
      throw error;
    }
    this.#calls.set(need.callId, places);
    return places.granted();
  }

  /** Calls that ended; one that is not known has been told of before. */
  ended(reports: readonly Report[]): void {
    for (const { id, costNanoUsd, tokens } of reports) {
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      if (costNanoUsd === null) call?.giveBack();
      else call?.settle(costNanoUsd, tokens ?? null);
    }
  }

  /** What it did cannot be known any more: its calls cost what they had on hold. */
  giveUp(): void {
    for (const [id, { holdNanoUsd }] of this.#calls) {
      this.ended([{ id, costNanoUsd: holdNanoUsd }]);
    }
  }

  /**
   * The predecessor is gone: what it did not report is in its segments, or nobody saw it end. Gives the rows of the
   * latter; they are charged already.
   */
  gone(segments: readonly Segment[]): readonly RowEntry[] {
    const open = new Map<string, OpenEntry>();
    for (const segment of segments) {
      for (const { entry } of entriesOf(segment)) {
        if (entry.kind === "open") open.set(entry.row.id, entry);
        else if (entry.kind === "row") {
          open.delete(entry.row.id);
          this.ended([{ id: entry.row.id, costNanoUsd: entry.row.costNanoUsd ?? 0 }]);
        }
      }
    }
    const lost = [...open.values()];
    this.ended(lost.map(({ row }) => ({ id: row.id, costNanoUsd: row.costNanoUsd ?? 0 })));
    this.ended([...this.#calls.keys()].map((id) => ({ id, costNanoUsd: null })));
    return lost.map(({ row, modelScopes }) => ({ kind: "row", row, modelScopes }));
  }
}

/** The call has its places already. */
export function foreignOf(
  { holdNanoUsd, scopes, levels, held }: CallUnderWay,
  book: TallyBook,
): Foreign {
  const leave = () => {
    for (const scope of levels) book.of(scope).calls -= 1;
    for (const scope of held) book.of(scope).heldNanoUsd -= holdNanoUsd;
  };
  return {
    holdNanoUsd,
    giveBack: leave,
    settle: (costNanoUsd) => {
      leave();
      for (const scope of scopes) book.of(scope).spentNanoUsd += costNanoUsd;
    },
  };
}
