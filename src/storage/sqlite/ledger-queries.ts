import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { Page, PageRequest } from "../../core/key-book.ts";
import type { CallFilter, CallOrder, RowOrder } from "../../core/spend.ts";
import type { CallRow } from "../../core/types.ts";
import { rowColumns, rowOf, type StoredRow } from "./ledger-rows.ts";

type Values = readonly SQLQueryBindings[];

/** `SpendReader.rows`, at once. */
export function createRowQuery(database: Database) {
  const both = database.transaction((filter: CallFilter, order: RowOrder, page: PageRequest) => ({
    items: pageOf(database, filter, order, page),
    total: totalOf(database, filter),
  }));
  return (filter: CallFilter, order: RowOrder, page: PageRequest): Page<CallRow> =>
    both.deferred(filter, order, page);
}

/** Finds the rows first, in an index where it can, and reads no others. */
function pageOf(
  database: Database,
  filter: CallFilter,
  order: RowOrder,
  { page, size }: PageRequest,
): CallRow[] {
  const { where, values } = conditions(filter);
  const by = orderOf(order);
  const found = `SELECT seq FROM calls${where} ORDER BY ${by} LIMIT ? OFFSET ?`;
  return database
    .query<StoredRow, SQLQueryBindings[]>(
      `WITH found AS MATERIALIZED (${found})
       SELECT ${rowColumns} FROM found CROSS JOIN calls USING (seq) ORDER BY ${by}`,
    )
    .all(...values, size, (page - 1) * size)
    .map(rowOf);
}

function totalOf(database: Database, filter: CallFilter): number {
  const { where, values } = conditions(filter);
  const sql = `SELECT count(*) AS total FROM calls${where}`;
  return database.query<{ total: number }, SQLQueryBindings[]>(sql).get(...values)?.total ?? 0;
}

const columns: Readonly<Record<CallOrder, string>> = {
  startedAt: "started_at",
  cost: "cost_nano",
  durationMs: "duration_ms",
  status: "status",
};

/** By time alone the indexes give the order; ties of the others are ordered, so that no page repeats another's rows. */
function orderOf({ by, descending }: RowOrder): string {
  const direction = descending ? "DESC" : "ASC";
  const first = `${columns[by]} ${direction}`;
  return by === "startedAt" ? first : `${first}, seq ${direction}`;
}

const word = "(SELECT id FROM words WHERE text = ?)";

function conditions(filter: CallFilter): { readonly where: string; readonly values: Values } {
  const met = [
    ...keyCondition(filter.keyIds),
    is("calls.id = ?", filter.id),
    is(`team = ${word}`, filter.teamId),
    is(`user = ${word}`, filter.userId),
    is(`route = ${word}`, filter.route),
    is(`error = ${word}`, filter.error),
    is("end_user = ?", filter.endUser),
    is("model = ?", filter.model),
    is("EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)", filter.tag),
    is("status = ?", filter.status),
    is("cost_nano >= ?", filter.minSpendNanoUsd),
    is("cost_nano <= ?", filter.maxSpendNanoUsd),
    is("started_at >= ?", filter.since),
    is("started_at < ?", filter.until),
  ].filter((condition) => condition !== null);
  const sql = met.map(([text]) => text);
  if (filter.failed !== undefined) sql.push(`failed = ${filter.failed ? 1 : 0}`); // not bound: picks the partial index
  return {
    where: sql.length === 0 ? "" : ` WHERE ${sql.join(" AND ")}`,
    values: met.flatMap(([, values]) => values),
  };
}

type Condition = readonly [sql: string, values: Values];

function is(sql: string, value: string | number | undefined): Condition | null {
  return value === undefined ? null : [sql, [value]];
}

/** One key is compared, so that its index gives the order too. */
function keyCondition(ids: readonly string[] | undefined): Condition[] {
  if (ids === undefined) return [];
  if (ids.length === 1) return [[`key = ${word}`, ids]];
  const list = "(SELECT id FROM words WHERE text IN (SELECT value FROM json_each(?)))";
  return [[`key IN ${list}`, [JSON.stringify(ids)]]];
}
