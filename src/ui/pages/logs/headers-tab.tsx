import { Card } from "../../parts/card.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import type { LogDetailReply } from "../../replies.ts";
import { redacted } from "../../masks.ts";
import { NotLogged } from "./not-logged.tsx";
import { revealed } from "../../parts/reveal.ts";

interface HeaderRow {
  readonly name: string;
  readonly value: string;
}

const columns: readonly Column<HeaderRow>[] = [
  { id: "name", header: "Name", cell: ({ name }) => <bdi className="mono">{revealed(name)}</bdi> },
  {
    id: "value",
    header: "Value",
    cell: ({ value }) => <bdi className="mono break">{revealed(value)}</bdi>,
  },
];

/** What both sides sent before the bodies. */
export function HeadersTab({ call }: { readonly call: LogDetailReply }) {
  const { request, reply } = call;
  if (request === undefined || reply === undefined) return <NotLogged call={call} />;
  return (
    <>
      <HeaderCard title="Request headers" headers={request.headers} />
      <HeaderCard title="Reply headers" headers={reply.headers} />
      <p className="muted">Secrets are not kept: {redacted} stands for them.</p>
    </>
  );
}

interface HeaderCardProps {
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
}

function HeaderCard({ title, headers }: HeaderCardProps) {
  const rows = Object.entries(headers).map(([name, value]) => ({ name, value }));
  return (
    <Card title={title} flush>
      <DataTable
        caption={title}
        columns={columns}
        rows={rows}
        rowKey={({ name }) => name}
        empty={<EmptyState title="None." />}
      />
    </Card>
  );
}
