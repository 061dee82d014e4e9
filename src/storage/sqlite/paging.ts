import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { Page, PageRequest } from "../../core/key-book.ts";
import { type Condition, conditions, whereOf } from "./conditions.ts";

/** What is selected, from where, and in what order; none of it is anybody's input. */
export interface Selection {
  readonly from: string;
  readonly order: string;
  readonly conditions: readonly Condition[];
}

/** One page of rows that meet all conditions, and how many there are in all. */
export function pageOf<Row>(
  database: Database,
  { from, order, conditions: asked }: Selection,
  { page, size }: PageRequest,
): Page<Row> {
  const { sql, values } = conditions(asked);
  const where = whereOf(sql);
  const total = database
    .query<{ total: number }, SQLQueryBindings[]>(`SELECT count(*) AS total FROM ${from}${where}`)
    .get(...values);
  const items = database
    .query<Row, SQLQueryBindings[]>(
      `SELECT * FROM ${from}${where} ORDER BY ${order} LIMIT ? OFFSET ?`,
    )
    .all(...values, size, (page - 1) * size);
  return { items, total: total?.total ?? 0 };
}

/** `INSERT INTO table (a, b) VALUES ($a, $b)` */
export function insertOf(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map((name) => `$${name}`).join(", ")})`;
}

/** `UPDATE table SET a = $a, b = $b WHERE id = $id` */
export function updateOf(table: string, columns: readonly string[]): string {
  return `UPDATE ${table} SET ${columns.map((name) => `${name} = $${name}`).join(", ")} WHERE id = $id`;
}
