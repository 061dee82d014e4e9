import {
  type ColumnDef,
  getCoreRowModel,
  type SortingState,
  type Table,
  useReactTable,
} from "@tanstack/react-table";
import { useMemo, useState } from "react";
import { sortRows } from "./sort-rows.ts";
import type { Column, Sort, TableProps } from "./table-types.ts";

export interface TableModel<Row> {
  /** The head: its columns, and what its buttons do. */
  readonly table: Table<Row>;
  readonly ordered: readonly Row[];
}

const nothing: never[] = [];

/** Columns and rows in order. The library is told of no rows: it would make ten objects of each of 100,000. */
export function useTableModel<Row>(props: TableProps<Row>): TableModel<Row> {
  const { columns, rows, sort, onSort } = props;
  const [ownSorting, setOwnSorting] = useState<SortingState>([]);
  const isServer = onSort !== undefined;
  const sorting = isServer ? sortingOf(sort) : ownSorting;
  const definitions = useMemo(
    () => columns.map((column) => definitionOf(column, isServer)),
    [columns, isServer],
  );
  const table = useReactTable<Row>({
    data: nothing,
    columns: definitions,
    state: { sorting },
    manualSorting: true,
    enableMultiSort: false,
    enableSortingRemoval: !isServer,
    onSortingChange: (update) => {
      const next = typeof update === "function" ? update(sorting) : update;
      if (!isServer) return setOwnSorting(next);
      const [first] = next;
      if (first !== undefined) onSort({ by: first.id, descending: first.desc });
    },
    getCoreRowModel: getCoreRowModel(),
  });
  const [own] = ownSorting;
  const ordered = useMemo(() => {
    const order = own === undefined || isServer ? null : { by: own.id, descending: own.desc };
    return sortRows(rows ?? nothing, columns, order);
  }, [rows, columns, own, isServer]);
  return { table, ordered };
}

function sortingOf(sort: Sort | undefined): SortingState {
  return sort === undefined ? [] : [{ id: sort.by, desc: sort.descending }];
}

function definitionOf<Row>(column: Column<Row>, isServer: boolean): ColumnDef<Row> {
  const { id, header, value } = column;
  return {
    id,
    header,
    accessorFn: value ?? (() => null),
    enableSorting: isServer ? column.sortable === true : value !== undefined,
    sortDescFirst: column.align === "end",
  };
}
