import type { ReactNode } from "react";

export interface Sort {
  /** A column's id. */
  readonly by: string;
  readonly descending: boolean;
}

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** What it is sorted by; null goes last. A column without one is not sortable, unless the server sorts. */
  readonly value?: (row: Row) => string | number | null;
  /** The server sorts by it. */
  readonly sortable?: boolean;
  /** `end`: numbers. */
  readonly align?: "end";
  readonly hideOnPhone?: boolean;
  /** As `120px`: of a `VirtualTable`'s column, whose rows cannot tell before they are seen. */
  readonly width?: string;
}

export interface TableProps<Row> {
  /** What the table holds: read out, and shown where `showCaption` says so. */
  readonly caption: string;
  readonly showCaption?: boolean;
  readonly columns: readonly Column<Row>[];
  /** Undefined while they load. */
  readonly rows: readonly Row[] | undefined;
  readonly rowKey: (row: Row) => string;
  /** Where the row's first cell leads, within the page. */
  readonly href?: (row: Row) => string | null;
  /** With `onSort`: the server sorts. */
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  /** Never higher than the window: scrolls within itself, under its head. */
  readonly isBounded?: boolean;
  /** In place of a table without rows. */
  readonly empty?: ReactNode;
}
