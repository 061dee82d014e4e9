import { useMemo, useState } from "react";
import { useApi } from "../../api.ts";
import { count, duration } from "../../format.ts";
import { Card } from "../../parts/card.tsx";
import type { Column } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { LineChart } from "../../parts/line-chart.tsx";
import { Skeleton } from "../../parts/progress.tsx";
import { VirtualTable } from "../../parts/virtual-table.tsx";
import { every, type Paths } from "./every.ts";
import {
  type LatencyQuestion,
  latencyQuestion,
  type LatencyRow,
  latencyRows,
  latencySeries,
  type Part,
  parts,
  type Span,
  spans,
} from "./latency-series.ts";
import type { LatencyReply } from "./replies.ts";
import { useStep } from "./use-step.ts";

const path = "/global/latency";

/** How long calls took: percentiles of each route, and of one over time. */
export function LatencyCard({ pathOf }: Paths) {
  const [span, setSpan] = useState<Span>("24h");
  const [part, setPart] = useState<Part>("duration_ms");
  const [chosen, setChosen] = useState<string | null>(null);
  const now = useStep(60_000);
  const question = useMemo(() => latencyQuestion(span, now), [span, now]);
  const { data, error, reload } = useApi<readonly LatencyReply[]>(
    path,
    { start_date: question.sinceDay },
    every,
  );
  const rows = useMemo(
    () => (data === undefined ? undefined : latencyRows(data, part, pathOf)),
    [data, part, pathOf],
  );
  const route = rows?.find((row) => row.route === chosen)?.route ?? rows?.[0]?.route ?? null;
  if (error !== undefined) {
    return (
      <ErrorNote error={error} what="Latencies could not be read." retry={() => void reload()} />
    );
  }
  return (
    <Card title="Latency">
      <div className="health-picker">
        <Choice label="Time" all={spans} value={span} onChange={setSpan} />
        <Choice label="Measured" all={parts} value={part} onChange={setPart} />
        {rows !== undefined && rows.length > 0 && (
          <Field label="Route in the chart">
            <Select
              value={route ?? ""}
              onChange={setChosen}
              options={rows.map((row) => ({ value: row.route, label: row.path }))}
            />
          </Field>
        )}
      </div>
      {route !== null && (
        <RouteChart key={`${route} ${span}`} {...{ route, question, part, name: pathOf(route) }} />
      )}
      <VirtualTable
        caption={`Latency by route since ${question.sinceDay}, UTC: whole days, to within 10 %`}
        showCaption
        columns={columns}
        rows={rows}
        rowKey={(row) => row.route}
        href={(row) => `/logs?${new URLSearchParams({ range: "24h", route: row.route })}`}
        empty={<EmptyState title="No upstream has answered a call in this time." />}
      />
    </Card>
  );
}

interface ChoiceProps<Id extends string> {
  readonly label: string;
  readonly all: readonly (readonly [Id, string])[];
  readonly value: Id;
  readonly onChange: (value: Id) => void;
}

function Choice<Id extends string>({ label, all, value, onChange }: ChoiceProps<Id>) {
  return (
    <Field label={label}>
      <Select
        value={value}
        onChange={(chosen) => onChange(all.find(([id]) => id === chosen)?.[0] ?? value)}
        options={all.map(([id, name]) => ({ value: id, label: name }))}
      />
    </Field>
  );
}

interface RouteChartProps {
  readonly route: string;
  readonly name: string;
  readonly question: LatencyQuestion;
  readonly part: Part;
}

function RouteChart({ route, name, question, part }: RouteChartProps) {
  const { groupBy, since, times } = question;
  const { data } = useApi<readonly LatencyReply[]>(
    path,
    { group_by: groupBy, route, start_date: since },
    every,
  );
  const series = useMemo(
    () => (data === undefined ? undefined : latencySeries(data, times, part)),
    [data, times, part],
  );
  if (series === undefined) return <Skeleton lines={6} />;
  const label = `Latency of ${name} by ${groupBy}`;
  return <LineChart label={label} times={times} series={series} format={duration} />;
}

const percentile = (id: "p50" | "p90" | "p95" | "p99"): Column<LatencyRow> => ({
  id,
  header: id,
  align: "end",
  value: (row) => row[id],
  cell: (row) => duration(row[id]),
});

const columns: readonly Column<LatencyRow>[] = [
  { id: "route", header: "Route", value: (row) => row.path, cell: (row) => row.path },
  {
    id: "calls",
    header: "Calls",
    align: "end",
    value: ({ calls }) => calls,
    cell: ({ calls }) => count(calls),
  },
  percentile("p50"),
  percentile("p90"),
  percentile("p95"),
  percentile("p99"),
];
