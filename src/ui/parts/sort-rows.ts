import type { Column, Sort } from "./table-types.ts";

const words = new Intl.Collator(undefined, { numeric: true });

/** The rows in the order of a column; equal ones stay as they stand, null goes last either way. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Pick<Column<Row>, "id" | "value">[],
  sort: Sort | null,
): readonly Row[] {
  const value = columns.find(({ id }) => id === sort?.by)?.value;
  if (sort === null || value === undefined) return rows;
  const sign = sort.descending ? -1 : 1;
  const valued = rows.map((row) => ({ row, by: value(row) })); // each value is asked for once
  valued.sort((left, right) => compare(left.by, right.by, sign));
  return valued.map(({ row }) => row);
}

type Value = string | number | null;

function compare(left: Value, right: Value, sign: number): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  if (typeof left === "number" && typeof right === "number") return sign * (left - right);
  return sign * words.compare(String(left), String(right));
}
