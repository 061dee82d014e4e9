import { periodAt } from "../core/duration.ts";
import type { StoredAccount } from "../core/ledger-store.ts";
import type { Budget } from "../core/limits.ts";
import type { NanoUsd } from "../core/money.ts";
import { RateWindow, type TickCount } from "./rate-window.ts";

/** What one scope (a key, a team, a route, everybody, a model of a key) has used and has on hold. */
export class Tally {
  readonly scope: string;
  spentNanoUsd: NanoUsd;
  heldNanoUsd: NanoUsd = 0;
  /** Epoch milliseconds; 0 while it has had no period. */
  periodStart: number;
  /** Calls under way. */
  calls = 0;
  requests: RateWindow | null = null;
  tokens: RateWindow | null = null;

  constructor(scope: string, { spentNanoUsd, periodStart }: StoredAccount) {
    this.scope = scope;
    this.spentNanoUsd = spentNanoUsd;
    this.periodStart = periodStart;
  }

  /** Whether `nanoUsd` more fit under the budget, with all that is on hold. */
  fits({ maxNanoUsd }: Budget, nanoUsd: NanoUsd): boolean {
    return this.spentNanoUsd + this.heldNanoUsd + nanoUsd <= maxNanoUsd;
  }

  /**
   * Begins the budget's period that runs now, once, whatever the clock does in between: a period that is older than
   * the one that began last never begins again. What is on hold stays. True where a period began.
   */
  enterPeriod({ period }: Budget, now: number): boolean {
    if (period === null) return false;
    const { start } = periodAt(period, now);
    if (start <= this.periodStart) return false;
    if (this.periodStart !== 0) this.spentNanoUsd = 0; // a first period counts what was spent before it was set
    this.periodStart = start;
    return true;
  }

  requestWindow(now: number): RateWindow {
    return (this.requests ??= new RateWindow(now));
  }

  tokenWindow(now: number): RateWindow {
    return (this.tokens ??= new RateWindow(now));
  }
}

/** A tally as a successor takes it over. */
export interface TallyState extends StoredAccount {
  readonly scope: string;
  readonly heldNanoUsd: NanoUsd;
  readonly calls: number;
  readonly requests: readonly TickCount[];
  readonly tokens: readonly TickCount[];
}

const nothing: StoredAccount = { spentNanoUsd: 0, periodStart: 0 };

/** Every tally that was asked for so far. What a scope spent before is read from the store then, once. */
export class TallyBook {
  readonly #tallies = new Map<string, Tally>();
  readonly #stored: (scope: string) => StoredAccount | null;

  constructor(stored: (scope: string) => StoredAccount | null) {
    this.#stored = stored;
  }

  of(scope: string): Tally {
    const known = this.#tallies.get(scope);
    if (known !== undefined) return known;
    const tally = new Tally(scope, this.#stored(scope) ?? nothing);
    this.#tallies.set(scope, tally);
    return tally;
  }

  /** Windows in which nothing was used in the last minute are let go: many keys are used once. */
  rest(now: number): void {
    for (const tally of this.#tallies.values()) {
      if (tally.requests?.used(now) === 0) tally.requests = null;
      if (tally.tokens?.used(now) === 0) tally.tokens = null;
    }
  }

  /** For a process that takes over. */
  states(): TallyState[] {
    return [...this.#tallies.values()].map((tally) => ({
      scope: tally.scope,
      spentNanoUsd: tally.spentNanoUsd,
      periodStart: tally.periodStart,
      heldNanoUsd: tally.heldNanoUsd,
      calls: tally.calls,
      requests: tally.requests?.counts() ?? [],
      tokens: tally.tokens?.counts() ?? [],
    }));
  }

  /** What a predecessor had; `now` is the boot clock's tick. */
  restore(states: readonly TallyState[], now: number): void {
    for (const state of states) {
      const tally = new Tally(state.scope, state);
      tally.heldNanoUsd = state.heldNanoUsd;
      tally.calls = state.calls;
      for (const [tick, count] of state.requests) tally.requestWindow(now).put(now, tick, count);
      for (const [tick, count] of state.tokens) tally.tokenWindow(now).put(now, tick, count);
      this.#tallies.set(state.scope, tally);
    }
  }
}
