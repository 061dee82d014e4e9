import { useMemo } from "react";
import { count, countShort, usd, usdShort } from "../../format.ts";
import { Card } from "../../parts/card.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { LineChart } from "../../parts/line-chart.tsx";
import { Skeleton } from "../../parts/progress.tsx";
import { chartTime, type Days, everyDay } from "../../utc-days.ts";
import { groups, measures, readSpendQuery } from "./query.ts";
import { type Series, seriesOf } from "./series.ts";
import type { SpendOfProps } from "./spend-of.tsx";
import type { Spend } from "./use-spend.ts";

export interface ChartCardProps extends SpendOfProps {
  readonly spend: Spend;
}

const options = measures.map(([value, label]) => ({ value, label }));

/** Day by day: the names that have most, and all others together. */
export function ChartCard({ spend, days, query, change }: ChartCardProps) {
  const { measure, group } = query;
  const { first, last } = days;
  const times = useMemo(() => everyDay({ first, last }).map(chartTime), [first, last]);
  const series = useSeries(spend, { first, last }, measure);
  const what = measures.find(([id]) => id === measure)?.[1] ?? "";
  const by = groups.find(([id]) => id === group)?.[1].toLowerCase() ?? "";
  const label = spend.lines === null ? `${what} by day` : `${what} by day and ${by}`;
  return (
    <Card
      title={label}
      actions={
        <div className="spend-measure">
          <Field label={<span className="visually-hidden">Show in the chart</span>}>
            <Select
              value={measure}
              onChange={(value) =>
                change({ measure: readSpendQuery(new URLSearchParams({ show: value })).measure })
              }
              options={options}
            />
          </Field>
        </div>
      }
    >
      {spend.lines === null && (
        <p className="note note-info">
          These are too many names to draw each of them day by day, so this is all of them together.
          Choose a shorter time to see them apart.
        </p>
      )}
      {group === "tag" && (
        <p className="muted">
          A call with two tags counts for each of them; calls without tags are not here.
        </p>
      )}
      {series === undefined ? (
        <Skeleton lines={6} />
      ) : (
        <LineChart
          label={label}
          times={times}
          series={series}
          format={measure === "spend" ? usd : count}
          axisFormat={measure === "spend" ? usdShort : countShort}
          height={260}
        />
      )}
    </Card>
  );
}

function useSeries(
  { lines, rows, days }: Spend,
  { first, last }: Days,
  measure: SpendOfProps["query"]["measure"],
): readonly Series[] | undefined {
  return useMemo(() => {
    if (lines === undefined || rows === undefined) return undefined;
    const all = everyDay({ first, last });
    if (lines !== null) return seriesOf(lines, rows, all, measure);
    const whole = (days ?? []).map((day) => ({
      ...day,
      day: day.group_by_day.slice(0, 10),
      name: "all",
      alias: null,
    }));
    const row = { name: "all", label: "All together", detail: null };
    const none = { spend: 0, calls: 0, failed: 0, unpriced: 0, tokensIn: 0, tokensOut: 0 };
    return seriesOf(whole, [{ ...row, sums: none }], all, measure);
  }, [lines, rows, days, first, last, measure]);
}
