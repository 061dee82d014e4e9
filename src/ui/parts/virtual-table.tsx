import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { EmptyState } from "./empty.tsx";
import { Skeleton } from "./progress.tsx";
import { RowCells, TableHead } from "./table-cells.tsx";
import { useTableModel } from "./table-model.ts";
import type { TableProps } from "./table-types.ts";

export interface VirtualTableProps<Row> extends TableProps<Row> {
  /** How many rows there are in all, those that are not loaded too. */
  readonly total?: number;
  /** The last rows come into view: load more. */
  readonly onEnd?: () => void;
  /** Pixels. */
  readonly height?: number;
}

const rowHeight = 36;
const beyond = 12;

/** A long table in a box of its own: only the rows in view are in the page. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { rows, empty } = props;
  if (rows === undefined) return <Skeleton lines={10} />;
  if (rows.length === 0) return empty ?? <EmptyState title="Nothing here yet." />;
  return <LongTable {...props} rows={rows} />;
}

function LongTable<Row>(props: VirtualTableProps<Row> & { readonly rows: readonly Row[] }) {
  const { caption, showCaption = false, columns, rows, href, total, onEnd, height = 560 } = props;
  const box = useRef<HTMLDivElement>(null);
  const table = useTableModel(props);
  const ordered = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: ordered.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: beyond,
    getItemKey: (index) => ordered[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1);
  const isAtEnd = last !== undefined && last.index >= rows.length - 1;
  useEffect(() => {
    if (isAtEnd) onEnd?.();
  }, [isAtEnd, rows.length, onEnd]);

  const above = items[0]?.start ?? 0;
  const below = last === undefined ? 0 : virtual.getTotalSize() - last.end;
  return (
    <div
      ref={box}
      className="table-box table-long"
      role="group"
      aria-label={caption}
      tabIndex={0}
      style={{ height: Math.min(height, (rows.length + 1) * rowHeight + 4) }}
    >
      <table className="table" role="table" aria-rowcount={(total ?? rows.length) + 1}>
        <caption className={showCaption ? undefined : "visually-hidden"}>{caption}</caption>
        <colgroup>
          {columns.map(({ id, width }) => (
            <col key={id} style={width === undefined ? {} : { width }} />
          ))}
        </colgroup>
        <TableHead table={table} columns={columns} />
        <tbody role="rowgroup">
          <Gap height={above} columns={columns.length} />
          {items.map(({ index, key }) => {
            const row = ordered[index]?.original;
            return row === undefined ? null : (
              <tr
                key={String(key)}
                role="row"
                data-index={index}
                ref={virtual.measureElement}
                aria-rowindex={index + 2}
              >
                <RowCells row={row} columns={columns} href={href?.(row) ?? null} />
              </tr>
            );
          })}
          <Gap height={below} columns={columns.length} />
        </tbody>
      </table>
    </div>
  );
}

/** Stands for the rows that are out of view. */
function Gap({ height, columns }: { readonly height: number; readonly columns: number }) {
  if (height <= 0) return null;
  return (
    <tr role="presentation" className="table-gap" aria-hidden="true">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}
