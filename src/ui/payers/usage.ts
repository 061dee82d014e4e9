import { type DayReply, type Sums, sumsOf, together, type TotalsReply } from "../sums.ts";
import { type Days, everyDay } from "../utc-days.ts";

/** A day of a report by model or by route. */
export interface GroupedDay {
  readonly group_by_day: string;
  readonly models?: readonly (TotalsReply & { readonly model: string })[];
  readonly routes?: readonly (TotalsReply & { readonly route: string })[];
}

export interface NamedUsage extends Sums {
  readonly name: string;
}

/** The spend of each day of the span, 0 of those without calls; a day of whose calls nothing is known is a gap. */
export function spendByDay(report: readonly DayReply[], days: Days): readonly (number | null)[] {
  const known = new Map(report.map((one) => [one.group_by_day.slice(0, 10), one.total_spend]));
  return everyDay(days).map((day) => {
    const found = known.get(day);
    return found === undefined ? 0 : found;
  });
}

/** A report's days together, by name: the dearest first. */
export function usageByName(report: readonly GroupedDay[]): NamedUsage[] {
  const lines = report.flatMap((one) => [
    ...(one.models ?? []).map((line) => ({ ...line, name: line.model })),
    ...(one.routes ?? []).map((line) => ({ ...line, name: line.route })),
  ]);
  const byName = Map.groupBy(lines, ({ name }) => name);
  return [...byName]
    .map(([name, ofName]) => ({ name, ...together(ofName.map(sumsOf)) }))
    .sort((one, other) => (other.spend ?? 0) - (one.spend ?? 0) || other.calls - one.calls);
}
