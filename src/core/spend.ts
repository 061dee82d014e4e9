import type { NanoUsd } from "./money.ts";
import type { Page, PageRequest } from "./key-book.ts";
import type { CallRow } from "./types.ts";

/** Which rows; what is left out does not matter. Times are epoch milliseconds, `until` not included. */
export interface CallFilter {
  readonly id?: string;
  /** Any of these. */
  readonly keyIds?: readonly string[];
  readonly teamId?: string;
  readonly userId?: string;
  readonly endUser?: string;
  readonly route?: string;
  readonly model?: string;
  readonly tag?: string;
  readonly failed?: boolean;
  readonly error?: string;
  readonly minSpendNanoUsd?: NanoUsd;
  readonly maxSpendNanoUsd?: NanoUsd;
  readonly since?: number;
  readonly until?: number;
}

export type CallOrder = "startedAt" | "cost" | "durationMs" | "status";

/** A group of calls in a report. */
export interface SpendSum {
  /** `2026-11-21`, UTC; empty where the report is not by day. */
  readonly day: string;
  /** The key's, team's or user's id, the route, model or tag; empty where a call had none. */
  readonly name: string;
  readonly calls: number;
  readonly failed: number;
  readonly spendNanoUsd: NanoUsd;
}

export type SpendGroup = "key" | "team" | "route" | "model" | "end_user" | "user" | "tag" | "all";

/** Calls that were refused before it was known who calls. */
export interface RefusalCount {
  /** Epoch milliseconds, a whole minute. */
  readonly minute: number;
  /** Empty where no route took the path. */
  readonly route: string;
  readonly code: string;
  readonly count: number;
}

/** What the ledger's rows tell. Whatever was told to the ledger before the question is in the answer. */
export interface SpendReader {
  rows(
    filter: CallFilter,
    order: { readonly by: CallOrder; readonly descending: boolean },
    page: PageRequest,
  ): Promise<Page<CallRow>>;
  /** Sums by group, and by day where asked for; rows that retention removed still count. */
  sums(
    group: SpendGroup,
    filter: Pick<CallFilter, "keyIds" | "teamId" | "since" | "until">,
    byDay: boolean,
  ): Promise<readonly SpendSum[]>;
  refusals(since: number, until: number): Promise<readonly RefusalCount[]>;
}

/** Where an account stands at this moment: settled calls, and holds of calls under way. */
export interface Standing {
  readonly spentNanoUsd: NanoUsd;
  readonly heldNanoUsd: NanoUsd;
}

/** Scopes are `key:<id>`, `team:<id>`, `route:<id>`, `all`, `key:<id>:model:<name>`. */
export interface Standings {
  /** With `period` the spend of the period that runs now, else that of all time (or since the last period began). */
  standing(scope: string): Standing;
}
