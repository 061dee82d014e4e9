import { useApi } from "../api.ts";
import type { Query } from "../query.ts";
import { duration } from "../format.ts";
import { StatusBadge } from "../parts/badge.tsx";
import { ButtonLink } from "../parts/button.tsx";
import { Card } from "../parts/card.tsx";
import { type Column, DataTable } from "../parts/data-table.tsx";
import { EmptyState } from "../parts/empty.tsx";
import { ErrorNote } from "../parts/error-note.tsx";
import { Money } from "../parts/money.tsx";
import { RouteName } from "../parts/route-name.tsx";
import { Time } from "../parts/time.tsx";
import { callHref } from "../hrefs.ts";
import type { LogReply, LogsReply } from "../replies.ts";
import { reasonWords } from "../unpriced.ts";

export interface LatestCallsProps {
  /** Whose: `api_key` or `team_id`. */
  readonly of: Readonly<Record<string, string>>;
}

/** The last five calls, and the way to all of them. */
export function LatestCalls({ of }: LatestCallsProps) {
  const query: Query = { ...of, page_size: 5 };
  const { data, error, reload } = useApi<LogsReply>("/spend/logs/v2", query, { every: 15_000 });
  return (
    <Card
      title="Latest calls"
      flush
      actions={<ButtonLink href={`/logs?${new URLSearchParams(of)}`}>All in the logs</ButtonLink>}
    >
      {error === undefined ? (
        <DataTable
          caption="Latest calls"
          columns={columns}
          rows={data?.data}
          rowKey={({ request_id: id }) => id}
          href={({ request_id: id }) => callHref(id)}
          empty={<EmptyState title="No calls yet." />}
        />
      ) : (
        <ErrorNote error={error} what="The calls could not be read." retry={() => void reload()} />
      )}
    </Card>
  );
}

const columns: readonly Column<LogReply>[] = [
  { id: "time", header: "Time", cell: ({ startTime: at }) => <Time at={at} /> },
  {
    id: "route",
    header: "Route",
    cell: ({ route }) => <RouteName id={route} />,
  },
  {
    id: "model",
    header: "Model",
    cell: ({ model_group: model }) => <span className="mono break">{model || "none"}</span>,
  },
  {
    id: "status",
    header: "Status",
    cell: ({ http_status: status }) => <StatusBadge status={status} />,
  },
  {
    id: "duration",
    header: "Duration",
    align: "end",
    cell: ({ request_duration_ms: ms }) => duration(ms),
  },
  {
    id: "cost",
    header: "Cost",
    align: "end",
    cell: ({ spend, unpriced }) => <Money usd={spend} why={reasonWords(unpriced).why} />,
  },
];
