import { type Column, DataTable } from "../../parts/data-table.tsx";
import { revealed } from "../../parts/reveal.ts";
import type { HeadEvent } from "./events.ts";

interface Row {
  readonly name: string;
  readonly value: string;
  readonly index: number;
}

const columns: readonly Column<Row>[] = [
  { id: "name", header: "Name", cell: ({ name }) => <bdi className="mono">{revealed(name)}</bdi> },
  {
    id: "value",
    header: "Value",
    cell: ({ value }) => <bdi className="mono break">{revealed(value)}</bdi>,
  },
];

/** The reply's headers. */
export function HeaderTable({ head }: { readonly head: HeadEvent | null }) {
  if (head === null) return <p className="muted">No reply has come.</p>;
  const rows = head.headers.map(([name, value], index) => ({ name, value, index }));
  return (
    <>
      <DataTable
        caption="Headers of the reply"
        columns={columns}
        rows={rows}
        rowKey={({ index }) => String(index)}
      />
      <p className="muted">Values that may hold secrets are masked.</p>
    </>
  );
}
