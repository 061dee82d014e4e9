import { flexRender, type Header, type Table } from "@tanstack/react-table";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { classes } from "./classes.ts";
import type { Column } from "./table-types.ts";

// Roles are written out: on a phone the rows are blocks, and browsers then forget that it is a table.

/** The head, with a button in each column that sorts. */
export function TableHead<Row>({ table, columns }: HeadProps<Row>) {
  return (
    <thead role="rowgroup">
      {table.getHeaderGroups().map((group) => (
        <tr key={group.id} role="row">
          {group.headers.map((header, index) => (
            <HeadCell key={header.id} header={header} column={columns[index]} />
          ))}
        </tr>
      ))}
    </thead>
  );
}

interface HeadProps<Row> {
  readonly table: Table<Row>;
  readonly columns: readonly Column<Row>[];
}

interface HeadCellProps<Row> {
  readonly header: Header<Row, unknown>;
  readonly column: Column<Row> | undefined;
}

const sortWords = { asc: "ascending", desc: "descending" } as const;

function HeadCell<Row>({ header, column }: HeadCellProps<Row>) {
  const order = header.column.getIsSorted();
  const text = flexRender(header.column.columnDef.header, header.getContext());
  const arrow = order === false ? "" : order === "asc" ? "↑" : "↓";
  return (
    <th
      role="columnheader"
      scope="col"
      className={classOf(column)}
      aria-sort={order === false ? undefined : sortWords[order]}
    >
      {header.column.getCanSort() ? (
        <button
          type="button"
          className="sort-button"
          onClick={header.column.getToggleSortingHandler()}
        >
          {text}
          <span className="sort-arrow" aria-hidden="true">
            {arrow}
          </span>
        </button>
      ) : (
        text
      )}
    </th>
  );
}

export interface RowCellsProps<Row> {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly href: string | null;
}

/** The cells of a row; the first one is a link where the row leads somewhere. */
export function RowCells<Row>({ row, columns, href }: RowCellsProps<Row>) {
  return columns.map((column, index) => (
    <td
      key={column.id}
      role="cell"
      className={classes("table-cell", classOf(column))}
      data-label={column.header}
    >
      {index === 0 && href !== null ? (
        <Link className="row-link" href={href}>
          {column.cell(row)}
        </Link>
      ) : (
        column.cell(row)
      )}
    </td>
  ));
}

function classOf<Row>(column: Column<Row> | undefined): string | undefined {
  return (
    classes(column?.align === "end" && "end", column?.hideOnPhone === true && "not-on-phone") ||
    undefined
  );
}

interface TableBoxProps {
  readonly label: string;
  readonly isBounded?: boolean;
  readonly children: ReactNode;
}

/** A scroll box of its own, so that a wide table never widens the page. */
export function TableBox({ label, isBounded = false, children }: TableBoxProps) {
  return (
    <div
      className={classes("table-box", isBounded && "table-bounded")}
      role="group"
      aria-label={label}
      tabIndex={0}
    >
      {children}
    </div>
  );
}
