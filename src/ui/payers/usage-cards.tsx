import { useMemo, useState } from "react";
import { useApi } from "../api.ts";
import type { Query } from "../query.ts";
import { count, usd, usdShort } from "../format.ts";
import { Card } from "../parts/card.tsx";
import { type Column, DataTable } from "../parts/data-table.tsx";
import { EmptyState } from "../parts/empty.tsx";
import { ErrorNote } from "../parts/error-note.tsx";
import { LineChart } from "../parts/line-chart.tsx";
import { Money } from "../parts/money.tsx";
import { Skeleton } from "../parts/progress.tsx";
import { RouteName } from "../parts/route-name.tsx";
import { Stat, StatRow } from "../parts/stat.tsx";
import { type DayReply, sumsOf, together } from "../sums.ts";
import { chartTime, type Days, everyDay, lastDays } from "../utc-days.ts";
import { type GroupedDay, type NamedUsage, spendByDay, usageByName } from "./usage.ts";

const dayCount = 30;

export interface UsageCardsProps {
  /** Whose: `api_key` or `team_id`. */
  readonly of: Query;
}

/** What a key or a team has used in the last 30 days: by day, by model, by route. */
export function UsageCards({ of }: UsageCardsProps) {
  const [days] = useState(() => lastDays(dayCount, Date.now()));
  const query = { ...of, start_date: days.first, end_date: days.last };
  const byDay = useApi<DayReply[]>(report, { ...query, group_by: "day" });
  const byModel = useApi<GroupedDay[]>(report, { ...query, group_by: "model" });
  const byRoute = useApi<GroupedDay[]>(report, { ...query, group_by: "route" });
  const error = byDay.error ?? byModel.error ?? byRoute.error;
  const reload = () => [byDay, byModel, byRoute].forEach((one) => void one.reload());
  return (
    <>
      <Card title={`Usage, last ${dayCount} days (UTC)`}>
        {error !== undefined && (
          <ErrorNote error={error} what="The usage could not be read." retry={reload} />
        )}
        {byDay.data === undefined && error === undefined && <Skeleton lines={6} />}
        {byDay.data !== undefined && <UsageDays report={byDay.data} days={days} />}
      </Card>
      <div className="payer-halves">
        <Card title="By model" flush>
          <UsageTable report={byModel.data} what="model" isFailed={byModel.error !== undefined} />
        </Card>
        <Card title="By route" flush>
          <UsageTable report={byRoute.data} what="route" isFailed={byRoute.error !== undefined} />
        </Card>
      </div>
    </>
  );
}

const report = "/global/spend/report";

interface UsageDaysProps {
  readonly report: readonly DayReply[];
  readonly days: Days;
}

function UsageDays({ report, days }: UsageDaysProps) {
  const total = useMemo(() => together(report.map(sumsOf)), [report]);
  const times = useMemo(() => everyDay(days).map(chartTime), [days]);
  const series = useMemo(
    () => [{ label: "Spend", values: spendByDay(report, days) }],
    [report, days],
  );
  return (
    <>
      <StatRow>
        <Stat
          label="Spend"
          value={<Money usd={total.spend} why="The cost of no call is known." />}
          {...(total.unpriced > 0
            ? { hint: `without ${count(total.unpriced)} unpriced calls` }
            : {})}
        />
        <Stat label="Calls" value={count(total.calls)} />
        <Stat label="Failed" value={count(total.failed)} />
        <Stat label="Tokens in" value={count(total.tokensIn)} />
        <Stat label="Tokens out" value={count(total.tokensOut)} />
      </StatRow>
      {report.length === 0 ? (
        <p className="muted">No call was made in this time.</p>
      ) : (
        <LineChart
          label="Spend by day"
          times={times}
          series={series}
          format={usd}
          axisFormat={usdShort}
        />
      )}
    </>
  );
}

interface UsageTableProps {
  readonly report: readonly GroupedDay[] | undefined;
  readonly what: "model" | "route";
  readonly isFailed: boolean;
}

function UsageTable({ report, what, isFailed }: UsageTableProps) {
  const rows = useMemo(() => (report === undefined ? undefined : usageByName(report)), [report]);
  const columns = useMemo(() => usageColumns(what), [what]);
  if (isFailed) return <EmptyState title="Not known." />;
  return (
    <DataTable
      caption={`Usage by ${what}`}
      columns={columns}
      rows={rows}
      rowKey={({ name }) => name}
      empty={<EmptyState title="No calls yet." />}
    />
  );
}

function usageColumns(what: "model" | "route"): readonly Column<NamedUsage>[] {
  return [
    {
      id: "name",
      header: what === "model" ? "Model" : "Route",
      value: ({ name }) => name,
      cell: ({ name }) =>
        what === "route" ? (
          <RouteName id={name} />
        ) : (
          <span className="mono break">{name === "" ? "none" : name}</span>
        ),
    },
    {
      id: "calls",
      header: "Calls",
      align: "end",
      value: ({ calls }) => calls,
      cell: ({ calls }) => count(calls),
    },
    {
      id: "failed",
      header: "Failed",
      align: "end",
      value: ({ failed }) => failed,
      cell: ({ failed }) => count(failed),
    },
    {
      id: "spend",
      header: "Spend",
      align: "end",
      value: ({ spend }) => spend,
      cell: ({ spend }) => <Money usd={spend} why="The cost of none of these calls is known." />,
    },
  ];
}
