import { useMemo } from "react";
import { Link } from "wouter";
import { useApi } from "../../api.ts";
import { count } from "../../format.ts";
import { Card } from "../../parts/card.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Relative } from "../../parts/relative.tsx";
import type { RoutesReply } from "../../replies.ts";
import { logsHref } from "./names.ts";
import type { Days } from "./query.ts";
import { reasonWords } from "./reasons.ts";

interface UnpricedGroup {
  readonly route: string;
  readonly model: string | null;
  readonly reason: string | null;
  readonly calls: number;
  readonly held: number;
  readonly last_request_id: string;
  readonly last_at: string;
}

interface UnpricedReply {
  readonly looked_at: number;
  readonly total: number;
  readonly unpriced: readonly UnpricedGroup[];
}

/** Calls whose cost is not known: why, and what to do. */
export function UnpricedCard({ days }: { readonly days: Days }) {
  const span = { start_date: days.first, end_date: days.last };
  const { data, error, reload } = useApi<UnpricedReply>("/spend/unpriced", span, { every: 60_000 });
  const routes = useApi<RoutesReply>("/routes");
  const columns = useMemo(() => {
    const paths = new Map(routes.data?.routes.map(({ id, path }) => [id, path]));
    return columnsOf(paths, days);
  }, [routes.data, days.first, days.last]);
  if (error !== undefined) {
    return (
      <ErrorNote
        error={error}
        what="Why calls have no price could not be read."
        retry={() => void reload()}
      />
    );
  }
  return (
    <Card title="Calls without a price" flush>
      {data !== undefined && data.total > 0 && <p className="muted spend-text">{extent(data)}</p>}
      <DataTable
        caption="Calls without a price, by route, model and reason"
        columns={columns}
        rows={data?.unpriced}
        rowKey={({ route, model, reason }) => JSON.stringify([route, model, reason])}
        empty={<EmptyState title="Every call that was looked at has a price." />}
      />
    </Card>
  );
}

function extent({ looked_at: looked, total }: UnpricedReply): string {
  if (looked >= total) return `Of all ${count(total)} calls of these days that are in the logs.`;
  return `Of the latest ${count(looked)} calls of these days; older ones are counted above, without a reason.`;
}

function columnsOf(paths: ReadonlyMap<string, string>, days: Days): Column<UnpricedGroup>[] {
  return [
    {
      id: "route",
      header: "Route",
      value: ({ route }) => paths.get(route) ?? route,
      cell: ({ route }) => (
        <Link href={logsHref("route", route, days) ?? "/logs"}>{paths.get(route) ?? route}</Link>
      ),
    },
    {
      id: "model",
      header: "Model",
      value: ({ model }) => model,
      cell: ({ model }) => model ?? <span className="muted">none named</span>,
    },
    {
      id: "reason",
      header: "Why, and what to do",
      value: ({ reason }) => reasonWords(reason).why,
      cell: ({ reason }) => {
        const { why, remedy } = reasonWords(reason);
        return (
          <span className="spend-why">
            <strong>{why}</strong>
            <span className="muted">{remedy}</span>
          </span>
        );
      },
    },
    {
      id: "calls",
      header: "Calls",
      align: "end",
      value: ({ calls }) => calls,
      cell: ({ calls }) => count(calls),
    },
    {
      id: "held",
      header: "Hold booked",
      align: "end",
      value: ({ held }) => held,
      cell: ({ held }) => count(held),
    },
    {
      id: "last",
      header: "Latest",
      value: ({ last_at: at }) => at,
      cell: ({ last_request_id: id, last_at: at }) => (
        <Link href={`/logs/${encodeURIComponent(id)}`}>
          <Relative at={at} />
        </Link>
      ),
    },
  ];
}
