import { Skeleton } from "./progress.tsx";
import { EmptyState } from "./empty.tsx";
import { RowCells, TableBox, TableHead } from "./table-cells.tsx";
import { useTableModel } from "./table-model.ts";
import type { TableProps } from "./table-types.ts";

export type { Column, Sort, TableProps } from "./table-types.ts";

/** A table for a page of rows; on a phone each row is a card. For thousands of rows there is `VirtualTable`. */
export function DataTable<Row>(props: TableProps<Row>) {
  const { caption, showCaption = false, columns, rows, rowKey, href, empty } = props;
  const { isBounded = false } = props;
  const { table, ordered } = useTableModel(props);
  if (rows === undefined) return <Skeleton lines={6} />;
  if (rows.length === 0) return empty ?? <EmptyState title="Nothing here yet." />;
  return (
    <TableBox label={caption} isBounded={isBounded}>
      <table className="table table-cards" role="table">
        <caption className={showCaption ? undefined : "visually-hidden"}>{caption}</caption>
        <TableHead table={table} columns={columns} />
        <tbody role="rowgroup">
          {ordered.map((row) => (
            <tr key={rowKey(row)} role="row">
              <RowCells row={row} columns={columns} href={href?.(row) ?? null} />
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}
