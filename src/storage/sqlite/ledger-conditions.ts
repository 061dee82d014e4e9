import type { SQLQueryBindings } from "bun:sqlite";
import type { CallFilter } from "../../core/spend.ts";

/** Part of a `WHERE`, with what its question marks stand for. */
export interface Conditions {
  readonly sql: readonly string[];
  readonly values: readonly SQLQueryBindings[];
}

const word = "(SELECT id FROM words WHERE text = ?)";
const listed = "(SELECT value FROM json_each(?))";

/** What a filter asks of a row of `calls`. */
export function rowConditions(filter: CallFilter): Conditions {
  return conditions([
    ...keyCondition(filter.keyIds),
    ["calls.id = ?", filter.id],
    [`calls.id IN ${listed}`, json(filter.ids)],
    [`team = ${word}`, filter.teamId],
    [`user = ${word}`, filter.userId],
    [`route = ${word}`, filter.route],
    [`error = ${word}`, filter.error],
    [`provider = ${word}`, filter.provider],
    ["end_user = ?", filter.endUser],
    ["model = ?", filter.model],
    ["EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)", filter.tag],
    ["failed = ?", filter.failed === undefined ? undefined : Number(filter.failed)],
    ["status = ?", filter.status],
    [`status IN ${listed}`, json(filter.statuses)],
    ["cost_nano >= ?", filter.minSpendNanoUsd],
    ["cost_nano <= ?", filter.maxSpendNanoUsd],
    ["duration_ms >= ?", filter.minDurationMs],
    ["duration_ms <= ?", filter.maxDurationMs],
    ["started_at >= ?", filter.since],
    ["started_at < ?", filter.until],
  ]);
}

/** One key is compared, so that its index gives the order too. */
function keyCondition(ids: readonly string[] | undefined): Condition[] {
  if (ids?.length === 1) return [[`key = ${word}`, ids[0]]];
  return [[`key IN (SELECT id FROM words WHERE text IN ${listed})`, json(ids)]];
}

/** A condition with its one value; those whose value is undefined do not matter. */
export type Condition = readonly [sql: string, value: SQLQueryBindings | undefined];

export function conditions(all: readonly Condition[]): Conditions {
  const sql: string[] = [];
  const values: SQLQueryBindings[] = [];
  for (const [text, value] of all) {
    if (value === undefined) continue;
    sql.push(text);
    values.push(value);
  }
  return { sql, values };
}

/** A list as one value, for `json_each`. */
export function json(list: readonly unknown[] | undefined): string | undefined {
  return list === undefined ? undefined : JSON.stringify(list);
}

/** ` WHERE a AND b`, or nothing. */
export function whereOf(sql: readonly string[]): string {
  return sql.length === 0 ? "" : ` WHERE ${sql.join(" AND ")}`;
}
