import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef } from "react";
import { RowCells, TableHead } from "./table-cells.tsx";
import { useTableModel } from "./table-model.ts";
import type { LongTableProps } from "./virtual-table.tsx";

const rowHeight = 36;
const beyond = 12;

/** The rows in view of a long table, in a chunk of its own. */
export function LongTable<Row>(props: LongTableProps<Row>) {
  const { caption, showCaption = false, columns, rows, rowKey, href } = props;
  const { total, onEnd, height = 560 } = props;
  const box = useRef<HTMLDivElement>(null);
  const { table, ordered } = useTableModel(props);
  const virtual = useVirtualizer({
    count: ordered.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: beyond,
    getItemKey: useCallback((index: number) => keyAt(ordered, index, rowKey), [ordered, rowKey]),
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
            const row = ordered[index];
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

function keyAt<Row>(rows: readonly Row[], index: number, rowKey: (row: Row) => string) {
  const row = rows[index];
  return row === undefined ? index : rowKey(row);
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
