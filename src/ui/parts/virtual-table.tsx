import { Suspense, use } from "react";
import { DataTable } from "./data-table.tsx";
import { Skeleton } from "./progress.tsx";
import type { TableProps } from "./table-types.ts";

export interface VirtualTableProps<Row> extends TableProps<Row> {
  /** How many rows there are in all, those that are not loaded too. */
  readonly total?: number;
  /** The last rows come into view: load more. */
  readonly onEnd?: () => void;
  /** Pixels. */
  readonly height?: number;
}

/** So many rows are no burden: they are a plain table, and cards on a phone. */
const shortest = 200;

/** A table for any number of rows: of a long one, only those in view are in the page, in a box of its own. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { rows, onEnd } = props;
  if (rows === undefined || rows.length === 0) return <DataTable {...props} />;
  if (rows.length <= shortest && onEnd === undefined) return <DataTable isBounded {...props} />;
  return (
    <Suspense fallback={<Skeleton lines={10} />}>
      <Long {...props} rows={rows} />
    </Suspense>
  );
}

/** A table that has rows. */
export interface LongTableProps<Row> extends VirtualTableProps<Row> {
  readonly rows: readonly Row[];
}

let loading: Promise<typeof import("./long-table.tsx")> | null = null;

/** By `use` and not by `lazy`, which forgets what the rows are. */
function Long<Row>(props: LongTableProps<Row>) {
  loading ??= import("./long-table.tsx");
  const { LongTable } = use(loading);
  return <LongTable {...props} />;
}
