import {
  type ColumnDef,
  getCoreRowModel,
  getSortedRowModel,
  type Row as ModelRow,
  type SortingState,
  type Table,
  useReactTable,
} from "@tanstack/react-table";
import { useMemo, useState } from "react";
import type { Column, Sort, TableProps } from "./table-types.ts";

const nothing: never[] = [];

/** Rows and columns in order, with what the head's buttons do. */
export function useTableModel<Row>(props: TableProps<Row>): Table<Row> {
  const { columns, rows, rowKey, sort, onSort } = props;
  const [ownSorting, setOwnSorting] = useState<SortingState>([]);
  const isServer = onSort !== undefined;
  const sorting = isServer ? sortingOf(sort) : ownSorting;
  const definitions = useMemo(
    () => columns.map((column) => definitionOf(column, isServer)),
    [columns, isServer],
  );
  const data = useMemo(() => (rows === undefined ? nothing : [...rows]), [rows]);

  return useReactTable<Row>({
    data,
    columns: definitions,
    getRowId: rowKey,
    state: { sorting },
    manualSorting: isServer,
    enableSortingRemoval: !isServer,
    onSortingChange: (update) => {
      const next = typeof update === "function" ? update(sorting) : update;
      if (!isServer) return setOwnSorting(next);
      const [first] = next;
      if (first !== undefined) onSort({ by: first.id, descending: first.desc });
    },
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
  });
}

function sortingOf(sort: Sort | undefined): SortingState {
  return sort === undefined ? [] : [{ id: sort.by, desc: sort.descending }];
}

function definitionOf<Row>(column: Column<Row>, isServer: boolean): ColumnDef<Row> {
  const { id, header, value = () => null } = column;
  return {
    id,
    header,
    accessorFn: value,
    enableSorting: isServer ? column.sortable === true : column.value !== undefined,
    sortDescFirst: column.align === "end",
    sortUndefined: "last",
    sortingFn: (left, right) => compare(left, right, id),
  };
}

function compare<Row>(left: ModelRow<Row>, right: ModelRow<Row>, id: string): number {
  const [a, b] = [left.getValue(id), right.getValue(id)];
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}
