import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { CallFilter } from "../../core/spend.ts";
import { whereOf } from "./conditions.ts";
import { blockRows } from "./ledger-blocks.ts";
import { blocksOf, type Candidate, type FilterNames } from "./ledger-candidates.ts";
import { rowConditions } from "./ledger-conditions.ts";
import { rowsOf } from "./ledger-find.ts";

/** What was counted; `isCapped`: there may be more. */
export interface Total {
  readonly total: number;
  readonly isCapped: boolean;
}

/** Where rows and their blocks stand. */
export interface RowState {
  /** Epoch milliseconds: up to this start retention removed rows. */
  readonly removedUntil: number;
  /** The first row that is in no block yet. */
  readonly tail: number;
}

export function createRowState(database: Database): () => RowState {
  const select = database.prepare<RowState, []>(
    `SELECT removed_until AS removedUntil, blocks_to * ${blockRows} AS tail FROM rolled_up`,
  );
  return () => select.get() ?? { removedUntil: -1, tail: 0 };
}

/**
 * How many rows a filter takes that names one thing at most, and otherwise times alone. Blocks told it when they were
 * made; those on the edge of the time, and those that retention took rows from, are counted anew.
 */
export function exactTotal(
  database: Database,
  { filter, names, state }: { filter: CallFilter; names: FilterNames; state: RowState },
): number {
  const { since = 0, until = Number.MAX_SAFE_INTEGER } = filter;
  const { from, values } = blocksOf(names);
  const isWhole = "first_start >= ? AND last_start < ? AND first_start > ?";
  const limits = [since, until, state.removedUntil];
  const inside = database
    .query<{ total: number }, SQLQueryBindings[]>(
      `SELECT coalesce(sum(calls), 0) AS total FROM ${from[0]} WHERE ${isWhole}`,
    )
    .get(...values, ...limits);
  const edges = database
    .query<{ block: number }, SQLQueryBindings[]>(
      `SELECT block FROM ${from[0]} WHERE last_start >= ? AND first_start < ? AND NOT (${isWhole})`,
    )
    .all(...values, since, until, ...limits);
  const count = counter(database, filter, Number.MAX_SAFE_INTEGER);
  const counted = edges.reduce(
    (total, { block }) =>
      total + count(stretch(block * blockRows, block * blockRows + blockRows - 1)),
    count(stretch(state.tail, Number.MAX_SAFE_INTEGER)),
  );
  return (inside?.total ?? 0) + counted;
}

/** Counts end here: at so many rows that were found, or blocks that were looked at. */
const mostCounted = 10_000;
const mostBlocks = 150;

/** Counts what a filter takes, among its candidates. */
export function boundedTotal(
  database: Database,
  filter: CallFilter,
  candidates: readonly Candidate[],
): Total {
  const count = counter(database, filter, mostCounted);
  let total = 0;
  for (const [index, candidate] of candidates.entries()) {
    if (total >= mostCounted || index > mostBlocks) return { total, isCapped: true };
    total += count(candidate);
  }
  return { total, isCapped: total >= mostCounted };
}

type Rows = Pick<Candidate, "first" | "last" | "places">;

function stretch(first: number, last: number): Rows {
  return { first, last, places: null };
}

function counter(database: Database, filter: CallFilter, most: number) {
  const { sql, values } = rowConditions(filter);
  return (rows: Rows) => {
    const among = rowsOf(rows);
    const where = whereOf([...among.sql, ...sql]);
    const counted = database
      .query<{ total: number }, SQLQueryBindings[]>(
        `SELECT count(*) AS total FROM (SELECT 1 FROM calls NOT INDEXED ${where} LIMIT ?)`,
      )
      .get(...among.values, ...values, most);
    return counted?.total ?? 0;
  };
}
