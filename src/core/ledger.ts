import type { Principal } from "./key-record.ts";
import type { NanoUsd } from "./money.ts";
import type { Route } from "./routes.ts";
import type { CallNotes, CallRecord } from "./types.ts";

/** What a call is about to use, as far as it can be known before it is sent. */
export interface Need {
  readonly callId: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly method: string;
  /** Every model that the request names, wherever: each of them is held against the limits of models. */
  readonly models: readonly string[];
  /** The first of them as it is recorded: without keys of ours, and short. */
  readonly model: string | null;
  /** An upper estimate; 0 where no limit asks for it. */
  readonly tokens: number;
  /** An upper estimate of what it will cost, where no flat price says it; null where nobody knows. */
  readonly costNanoUsd: NanoUsd | null;
}

/** A limit that a caller is told of on each reply. */
export interface LimitHeaders {
  readonly [name: string]: string;
}

/** One call's place in every limit, taken at once and given back exactly once, when its record is finished. */
export interface Seat {
  /** The request's model has to be known: a limit or an allow-list of models stands over the caller. */
  readonly needsModel: boolean;
  /** The request's tokens have to be estimated. */
  readonly needsTokens: boolean;
  /** A budget stands over the caller: what the call will cost has to be estimated, where it has no flat price. */
  readonly needsCost: boolean;
  /** What is on hold for the call; where no budget asks for it, what would be. */
  readonly holdNanoUsd: NanoUsd;
  /**
   * Model limits, tokens per minute and the budgets' hold; then the open record is written to the journal, and only
   * then may the call be sent. Throws or rejects with `rate_limited`, `budget_exceeded`, `ledger_unavailable`.
   */
  reserve(need: Need, notes: CallNotes): Promise<void>;
  /** For the reply's head: what the caller's own limits are, and what is left of them. */
  headers(): LimitHeaders;
}

/** Counters, holds and the journal, as the data plane sees them. */
export interface Ledger {
  /** Rates and concurrency of key, team and route. Throws `rate_limited`, `parallel_limited`: then no place is taken. */
  admit(principal: Principal, route: Route): Seat;
  /** The one row of a call that passed authentication; settles its seat, where it had one. */
  finished(record: CallRecord, seat: Seat | null): void;
  /** A call that was refused before it was known who calls: counted by minute, route and code. */
  turnedAway(route: string | null, code: string): void;
  /** Resolves once all that was told so far is written; with false where it could not be. */
  written(): Promise<boolean>;
  /** Writes at once what was told so far. */
  writeNow(): void;
}
