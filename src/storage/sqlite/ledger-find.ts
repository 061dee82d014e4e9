import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { CallFilter, CallOrder, RowOrder } from "../../core/spend.ts";
import { type Conditions, json, whereOf } from "./conditions.ts";
import type { Candidate } from "./ledger-candidates.ts";
import { rowConditions } from "./ledger-conditions.ts";

/** A row that was found, by the value that it is ordered by. */
export interface Found {
  readonly seq: number;
  readonly value: number;
}

/** What is not known counts as the least. */
const valueOf: Readonly<Record<CallOrder, string>> = {
  startedAt: "started_at",
  cost: "coalesce(cost_nano, -1)",
  durationMs: "duration_ms",
  status: "status",
};

export interface Search {
  readonly filter: CallFilter;
  readonly order: RowOrder;
  /** Rows that are wanted, the first ones of the order. */
  readonly count: number;
  /** Only rows behind this one, where they are ordered by their start, the first ones first. */
  readonly after?: Found;
  /** So many are left out. */
  readonly offset?: number;
}

/**
 * The first rows of an order, exactly: looks into one candidate after the other, until those that follow cannot hold
 * any that come before what was found. Ties are ordered by `seq`.
 */
export function findRows(
  database: Database,
  search: Search,
  candidates: Iterable<Candidate>,
): Found[] {
  const { order, count } = search;
  const compare = comparing(order);
  const read = rowsBetween(database, search);
  let found: Found[] = [];
  let worst: Found | null = null;
  const trim = () => {
    found = found.toSorted(compare).slice(0, count);
    worst = found[count - 1] ?? null;
  };
  for (const candidate of candidates) {
    const { first, last, best } = candidate;
    const edge = { seq: order.descending ? last : first, value: best };
    if (worst !== null && compare(worst, edge) < 0) break;
    found.push(...read(candidate));
    const isEnough = found.length >= count && (worst === null || found.length > count * 1.5);
    if (isEnough) trim();
  }
  trim();
  return found;
}

function comparing({ descending }: RowOrder): (a: Found, b: Found) => number {
  const ascending = (a: Found, b: Found) => a.value - b.value || a.seq - b.seq;
  return descending ? (a, b) => ascending(b, a) : ascending;
}

/** Reads a candidate's rows one by one, whatever indexes there are. */
function rowsBetween(database: Database, { filter, order, count, after }: Search) {
  const { sql, values } = rowConditions(filter);
  const behind = behindOf(after);
  const direction = order.descending ? "DESC" : "ASC";
  return (candidate: Candidate) => {
    const among = rowsOf(candidate);
    const where = whereOf([...among.sql, ...sql, ...behind.sql]);
    return database
      .query<Found, SQLQueryBindings[]>(
        `SELECT seq, ${valueOf[order.by]} AS value FROM calls NOT INDEXED ${where}
         ORDER BY value ${direction}, seq ${direction} LIMIT ?`,
      )
      .all(...among.values, ...values, ...behind.values, count);
  };
}

/** A candidate's rows. */
export function rowsOf({
  first,
  last,
  places,
}: Pick<Candidate, "first" | "last" | "places">): Conditions {
  if (places === null) return { sql: ["seq >= ?", "seq <= ?"], values: [first, last] };
  return { sql: ["seq IN (SELECT ? + value FROM json_each(?))"], values: [first, places] };
}

/** Likewise, where an index leads to the rows: by their ids, or in the order of time. */
export function inIndex(database: Database, search: Search): Found[] {
  const { filter, order, count, after, offset = 0 } = search;
  const { from, sql, values } = sourceOf(filter);
  const direction = order.descending ? "DESC" : "ASC";
  const behind = behindOf(after);
  return database
    .query<Found, SQLQueryBindings[]>(
      `SELECT seq, ${valueOf[order.by]} AS value FROM ${from}${whereOf([...sql, ...behind.sql])}
       ORDER BY value ${direction}, seq ${direction} LIMIT ? OFFSET ?`,
    )
    .all(...values, ...behind.values, count, offset);
}

function behindOf(after: Found | undefined): Conditions {
  if (after === undefined) return { sql: [], values: [] };
  const sql = ["started_at >= ?", "(started_at > ? OR seq > ?)"];
  return { sql, values: [after.value, after.value, after.seq] };
}

export function countAmongIds(database: Database, filter: CallFilter): number {
  const { from, sql, values } = sourceOf(filter);
  const select = `SELECT count(*) AS total FROM ${from}${whereOf(sql)}`;
  return database.query<{ total: number }, SQLQueryBindings[]>(select).get(...values)?.total ?? 0;
}

function sourceOf({ ids, ...filter }: CallFilter) {
  const { sql, values } = rowConditions(filter);
  if (ids === undefined) return { from: "calls", sql, values };
  const list = "(SELECT DISTINCT value FROM json_each(?))";
  const from = `${list} AS listed CROSS JOIN calls ON calls.id = listed.value`;
  return { from, sql, values: [json(ids) ?? "", ...values] };
}
