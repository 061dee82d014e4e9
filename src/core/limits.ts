import type { Duration } from "./duration.ts";
import type { NanoUsd } from "./money.ts";

/** How much may be spent, and in what time; without a period, in all. */
export interface Budget {
  readonly maxNanoUsd: NanoUsd;
  readonly period: Duration | null;
}

/** What one payer (a key, a team, a route, everybody together) may use. Null is no limit. */
export interface Limits {
  /** Requests in any 60 seconds. */
  readonly rpm: number | null;
  /** Tokens in any 60 seconds. */
  readonly tpm: number | null;
  /** Calls at once. */
  readonly parallel: number | null;
  readonly budget: Budget | null;
}

export const noLimits: Limits = { rpm: null, tpm: null, parallel: null, budget: null };

/** Limits of a key or a team that hold for single models, by their names as the limits were written. */
export interface ModelLimits {
  readonly rpm: Readonly<Record<string, number>>;
  readonly tpm: Readonly<Record<string, number>>;
  readonly budgets: Readonly<Record<string, Budget>>;
}
