import type { Page, PageRequest } from "./key-book.ts";
import type { Budget } from "./limits.ts";
import type { NanoUsd } from "./money.ts";
import type { CallRow } from "./types.ts";

/** Which rows; what is left out does not matter. Times are epoch milliseconds, `until` not included. */
export interface CallFilter {
  readonly id?: string;
  /** Any of these. */
  readonly ids?: readonly string[];
  /** Any of these. */
  readonly keyIds?: readonly string[];
  readonly teamId?: string;
  readonly userId?: string;
  readonly endUser?: string;
  readonly route?: string;
  readonly model?: string;
  readonly tag?: string;
  /** Refused, broken off, or answered with 400 and above. */
  readonly failed?: boolean;
  readonly error?: string;
  readonly status?: number;
  /** Any of these. */
  readonly statuses?: readonly number[];
  readonly provider?: string;
  readonly minDurationMs?: number;
  readonly maxDurationMs?: number;
  /** Rows whose cost is not known are left out by both. */
  readonly minSpendNanoUsd?: NanoUsd;
  readonly maxSpendNanoUsd?: NanoUsd;
  readonly since?: number;
  readonly until?: number;
}

export type CallOrder = "startedAt" | "cost" | "durationMs" | "status";

/** `cost`: what is not known counts as the least. */
export interface RowOrder {
  readonly by: CallOrder;
  readonly descending: boolean;
}

/** Whose calls a report is about. Times are epoch milliseconds and mean the whole of their day, in UTC. */
export type SumFilter = Pick<CallFilter, "keyIds" | "teamId" | "userId" | "since" | "until">;

/** What calls can be put together by. */
export type SumGroup = "day" | "key" | "team" | "user" | "route" | "model" | "endUser";

/** What tagged calls can be put together by: a call with two tags counts for each. */
export type TagGroup = "day" | "tag" | "key" | "team";

/** Calls put together. */
export interface SpendSum<Group extends string> {
  /** `day` is `2026-11-21`, in UTC; the others are ids and names, empty where a call had none. */
  readonly names: Readonly<Record<Group, string>>;
  readonly calls: number;
  readonly failed: number;
  /** Calls whose cost is not known: the sum is without them. */
  readonly unpriced: number;
  /** Exact up to nine million dollars, beyond that to the nearest that a number can hold. */
  readonly spendNanoUsd: NanoUsd;
  /** Of the calls whose usage is known; 0 in sums of versions that did not count it. */
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Stands for the names that a day had no room for: clients choose models, end users and tags. */
export const otherNames = "(other)";

/** A report has no more sums than this, and one to tell that there would be more. */
export const maxSums = 10_000;

/** Calls that were refused before it was known who calls. */
export interface RefusalCount {
  /** Epoch milliseconds, a whole minute. */
  readonly minute: number;
  /** Empty where no route took the path. */
  readonly route: string;
  readonly code: string;
  readonly count: number;
}

/** Which latencies. Times are epoch milliseconds and mean the whole of their hour, or day where days are asked for. */
export type LatencyFilter = Pick<CallFilter, "route" | "since" | "until">;

/** `whole`: all that the filter lets through, in whole days. */
export type LatencySpan = "hour" | "day" | "whole";

/** Milliseconds that so many of a hundred calls did not exceed, to within 10 %. */
export interface Percentiles {
  readonly calls: number;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/**
 * How long a route's calls took: those that the upstream answered, or let wait until the deadline. Rows that retention
 * removed still count.
 */
export interface RouteLatencies {
  /** Epoch milliseconds, of the hour or the day; 0 for `whole`. */
  readonly start: number;
  readonly route: string;
  readonly duration: Percentiles;
  readonly firstByte: Percentiles;
  readonly overhead: Percentiles;
}

/** What the ledger's rows tell. Whatever was told to the ledger before the question is in the answer. */
export interface SpendReader {
  /** The total of a question that needs more than one look is a lower bound where it is large: `isCapped`. */
  rows(filter: CallFilter, order: RowOrder, page: PageRequest): Promise<Page<CallRow>>;
  /** Rows in the order of their start, `size` at most, from behind the row with this id on (null: from the first). */
  scan(filter: CallFilter, after: string | null, size: number): Promise<readonly CallRow[]>;
  /** By day, then the dearest first; rows that retention removed still count. `maxSums + 1` at most. */
  sums<Group extends SumGroup>(
    by: readonly Group[],
    filter: SumFilter,
  ): Promise<readonly SpendSum<Group>[]>;
  /** As `sums`, of tagged calls. */
  tagSums<Group extends TagGroup>(
    by: readonly Group[],
    filter: Omit<SumFilter, "userId">,
  ): Promise<readonly SpendSum<Group>[]>;
  /** By time and route; `maxSums + 1` at most. */
  latencies(by: LatencySpan, filter: LatencyFilter): Promise<readonly RouteLatencies[]>;
  /** The latest first; `maxSums + 1` at most. */
  refusals(since: number, until: number): Promise<readonly RefusalCount[]>;
}

/** Where an account stands at this moment: settled calls, and holds of calls under way. */
export interface Standing {
  readonly spentNanoUsd: NanoUsd;
  readonly heldNanoUsd: NanoUsd;
  /** Of the period that it is in, whatever the clock says by now; 0 where it had none. Epoch milliseconds. */
  readonly periodStart: number;
}

/** Scopes are those of core/journal.ts: `keyScope(id)`, `teamScope(id)`, `routeScope(id)`, `everybody`. */
export interface Standings {
  /** With a budget that has a period, what was spent in the period that runs now. */
  standing(scope: string, budget: Budget | null): Standing;
}
