import { useMemo, useState } from "react";
import { Link } from "wouter";
import { useApi } from "../../api.ts";
import { count } from "../../format.ts";
import { callHref } from "../../hrefs.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import type { Column } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Relative } from "../../parts/relative.tsx";
import { useRouteName } from "../../parts/route-name.tsx";
import { VirtualTable } from "../../parts/virtual-table.tsx";
import { reasonWords } from "../../unpriced.ts";
import { logsHref } from "./names.ts";
import type { Days } from "../../utc-days.ts";
import { reasonCounts, type UnpricedGroup } from "./reasons.ts";

interface UnpricedReply {
  readonly looked_at: number;
  readonly total: number;
  readonly unpriced: readonly UnpricedGroup[];
}

/** Lines that are shown at first. */
const firstLines = 12;

/** Calls whose cost is not known: why, and what to do. */
export function UnpricedCard({ days }: { readonly days: Days }) {
  const { first, last } = days;
  const [isWhole, setWhole] = useState(false);
  const { data, error, reload } = useApi<UnpricedReply>(
    "/spend/unpriced",
    { start_date: first, end_date: last },
    { every: 60_000 },
  );
  const routeName = useRouteName();
  const columns = useMemo(() => columnsOf(routeName, { first, last }), [routeName, first, last]);
  const all = data?.unpriced;
  const rows = useMemo(() => (isWhole ? all : all?.slice(0, firstLines)), [all, isWhole]);
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
      {data !== undefined && data.unpriced.length > 0 && <Reasons reply={data} />}
      <VirtualTable
        caption="Calls without a price, by route, model and reason"
        columns={columns}
        rows={rows}
        rowKey={({ route, model, reason }) => JSON.stringify([route, model, reason])}
        empty={<EmptyState title={nothingText(data)} />}
      />
      {all !== undefined && !isWhole && all.length > firstLines && (
        <p className="spend-more">
          <Button onClick={() => setWhole(true)}>Show all {count(all.length)} lines</Button>
        </p>
      )}
    </Card>
  );
}

function Reasons({ reply }: { readonly reply: UnpricedReply }) {
  return (
    <div className="spend-reasons">
      <p className="muted">{extent(reply)}</p>
      <ul>
        {reasonCounts(reply.unpriced).map(({ why, remedy, calls }) => (
          <li key={why}>
            <strong>
              {why}: {count(calls)} {calls === 1 ? "call" : "calls"}.
            </strong>{" "}
            {remedy}
          </li>
        ))}
      </ul>
    </div>
  );
}

function extent({ looked_at: looked, total }: UnpricedReply): string {
  if (looked >= total) return `Of all ${count(total)} calls of these days that are in the logs.`;
  return `Of the latest ${count(looked)} calls of these days; older ones are counted above, without a reason.`;
}

function nothingText(reply: UnpricedReply | undefined): string {
  if (reply === undefined || reply.total === 0) return "No call of these days is in the logs.";
  return reply.looked_at >= reply.total
    ? "The cost of every call is known."
    : `The cost of each of the latest ${count(reply.looked_at)} calls is known.`;
}

function columnsOf(pathOf: (route: string) => string, days: Days): Column<UnpricedGroup>[] {
  return [
    {
      id: "route",
      header: "Route",
      value: ({ route }) => pathOf(route),
      cell: ({ route }) => (
        <Link className="break" href={logsHref("route", route, days) ?? "/logs"}>
          {pathOf(route)}
        </Link>
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
      header: "Why",
      value: ({ reason }) => reasonWords(reason).why,
      cell: ({ reason }) => reasonWords(reason).why,
    },
    {
      id: "calls",
      header: "Cost unknown",
      align: "end",
      value: ({ calls }) => calls,
      cell: ({ calls }) => count(calls),
    },
    {
      id: "held",
      header: "Hold was booked",
      align: "end",
      value: ({ held }) => held,
      cell: ({ held }) => count(held),
    },
    {
      id: "last",
      header: "Latest call",
      value: ({ last_at: at }) => at,
      cell: ({ last_request_id: id, last_at: at }) => (
        <Link className="nowrap" href={callHref(id)}>
          <Relative at={at} />
        </Link>
      ),
    },
  ];
}
