import type { SQLQueryBindings } from "bun:sqlite";

/** Part of a `WHERE`, with what its question marks stand for. */
export interface Conditions {
  readonly sql: readonly string[];
  readonly values: readonly SQLQueryBindings[];
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

/** ` WHERE a AND b`, or nothing. */
export function whereOf(sql: readonly string[]): string {
  return sql.length === 0 ? "" : ` WHERE ${sql.join(" AND ")}`;
}

/** A list as one value, for `json_each`. */
export function json(list: readonly unknown[] | undefined): string | undefined {
  return list === undefined ? undefined : JSON.stringify(list);
}

/** The values of such a list. */
export const listed = "(SELECT value FROM json_each(?))";
