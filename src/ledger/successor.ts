import type { Principal } from "../core/key-record.ts";
import type { Need } from "../core/ledger.ts";
import type { NanoUsd } from "../core/money.ts";
import type { Route } from "../core/routes.ts";
import type { TallyState } from "./tally.ts";

/** What a call was given: with it, it may be sent. */
export interface Granted {
  readonly holdNanoUsd: NanoUsd;
  readonly hasBudget: boolean;
  readonly modelScopes: readonly string[];
}

/** The process that has taken over, as its predecessor sees it while its last calls end. */
export interface Successor {
  /** Rejects with what the successor's limits say; null where it is gone, and this process decides again. */
  reserve(principal: Principal, route: Route, need: Need): Promise<Granted | null>;
  /** A call ended; `costNanoUsd` is null where it was never sent. Never throws. */
  report(callId: string, costNanoUsd: NanoUsd | null, tokens: number | null): void;
}

/** A call that a predecessor has sent, and what is on hold for it. */
export interface CallUnderWay {
  readonly id: string;
  readonly holdNanoUsd: NanoUsd;
  /** Of its levels and models: they are charged when it ends. */
  readonly scopes: readonly string[];
  /** Of its levels alone: it counts among their calls. */
  readonly levels: readonly string[];
  /** Those whose budgets have the hold. */
  readonly held: readonly string[];
}

/** All that a predecessor had in memory. */
export interface HandoverState {
  readonly tallies: readonly TallyState[];
  readonly calls: readonly CallUnderWay[];
}
