import { useMemo } from "react";
import { useApi } from "../../api.ts";
import { count } from "../../format.ts";
import { Card } from "../../parts/card.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { LineChart } from "../../parts/line-chart.tsx";
import { Skeleton } from "../../parts/progress.tsx";
import { every } from "./every.ts";
import { codeCounts, type CodeCount, minutesUpTo, refusalSeries } from "./refusal-series.ts";
import type { RefusalReply } from "./replies.ts";
import { useStep } from "./use-step.ts";

/** Calls that were refused before it was known who calls: by minute and code. */
export function RefusalsCard() {
  const now = useStep(60_000);
  const minutes = useMemo(() => minutesUpTo(now), [now]);
  const start = new Date(minutes[0] ?? now).toISOString();
  const { data, error, reload } = useApi<readonly RefusalReply[]>(
    "/spend/refusals",
    { start_date: start },
    every,
  );
  const series = useMemo(() => refusalSeries(data ?? [], minutes), [data, minutes]);
  const codes = useMemo(() => (data === undefined ? undefined : codeCounts(data)), [data]);
  if (error !== undefined) {
    return (
      <ErrorNote error={error} what="Refusals could not be read." retry={() => void reload()} />
    );
  }
  return (
    <Card title="Refused before authentication">
      <p className="muted">
        The last three hours. Calls without a valid key, for a path that no route serves, or from an
        address that is not let in: they are no one's, so they are counted here and are not in the
        logs.
      </p>
      {codes === undefined ? (
        <Skeleton lines={5} />
      ) : codes.length === 0 ? (
        <EmptyState title="Nobody was refused in the last three hours." />
      ) : (
        <>
          <LineChart
            label="Refusals by minute and code"
            times={minutes}
            series={series}
            format={count}
            height={180}
          />
          <DataTable
            caption="Refusals by code"
            columns={columns}
            rows={codes}
            rowKey={({ code }) => code}
          />
        </>
      )}
    </Card>
  );
}

const columns: readonly Column<CodeCount>[] = [
  {
    id: "code",
    header: "Code",
    value: ({ code }) => code,
    cell: ({ code }) => <code>{code}</code>,
  },
  {
    id: "count",
    header: "Refused",
    align: "end",
    value: (row) => row.count,
    cell: (row) => count(row.count),
  },
];
