import { ErrorNote } from "../../parts/error-note.tsx";
import { Skeleton } from "../../parts/progress.tsx";
import { ChartCard } from "./chart-card.tsx";
import { NameTable } from "./name-table.tsx";
import { NoCalls } from "./no-calls.tsx";
import type { Days } from "../../utc-days.ts";
import type { SpendQuery } from "./query.ts";
import { Totals } from "./totals.tsx";
import { useSpend } from "./use-spend.ts";

export interface SpendOfProps {
  readonly days: Days;
  readonly query: SpendQuery;
  readonly change: (part: Partial<SpendQuery>) => void;
}

/** What some days came to: in all, day by day, and by name. */
export function SpendOf({ days, query, change }: SpendOfProps) {
  const spend = useSpend(days, query.group);
  if (spend.error !== undefined) {
    return (
      <ErrorNote error={spend.error} what="The sums could not be read." retry={spend.reload} />
    );
  }
  if (spend.whole === undefined) return <Skeleton lines={8} />;
  if (spend.whole.calls === 0) return <NoCalls />;
  return (
    <>
      <Totals whole={spend.whole} />
      <ChartCard spend={spend} days={days} query={query} change={change} />
      <NameTable rows={spend.rows} whole={spend.whole} days={days} query={query} />
    </>
  );
}
