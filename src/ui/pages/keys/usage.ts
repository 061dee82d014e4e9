/** What a line of `GET /global/spend/report` counts. */
export interface UsageCounts {
  /** USD; null where nothing is known of any of the calls. */
  readonly total_spend: number | null;
  readonly calls: number;
  readonly failed: number;
  /** Calls whose cost is not known. */
  readonly unpriced: number;
  readonly total_input_tokens: number;
  readonly total_output_tokens: number;
}

export interface UsageDay extends UsageCounts {
  /** As `2026-11-21T00:00:00+00:00`. */
  readonly group_by_day: string;
}

/** A day of a report by model or by route. */
export interface GroupedDay {
  readonly group_by_day: string;
  readonly models?: readonly (UsageCounts & { readonly model: string })[];
  readonly routes?: readonly (UsageCounts & { readonly route: string })[];
}

export interface NamedUsage extends UsageCounts {
  readonly name: string;
}

const dayMs = 86_400_000;

/** The first and the last of so many days, today in UTC the last. `now`: epoch milliseconds. */
export function lastDays(days: number, now: number): { start_date: string; end_date: string } {
  return { start_date: dayOf(now - (days - 1) * dayMs), end_date: dayOf(now) };
}

/** One point for each day of the span, those without calls too; a day of whose calls nothing is known is a gap. */
export function spendByDay(
  report: readonly UsageDay[],
  { start_date: start, end_date: end }: { readonly start_date: string; readonly end_date: string },
): { readonly times: readonly number[]; readonly spend: readonly (number | null)[] } {
  const known = new Map(report.map((one) => [one.group_by_day.slice(0, 10), one.total_spend]));
  const first = Date.parse(start);
  const length = Math.round((Date.parse(end) - first) / dayMs) + 1;
  const times = Array.from({ length }, (_, index) => first + index * dayMs);
  const spend = times.map((time) => {
    const found = known.get(dayOf(time));
    return found === undefined ? 0 : found;
  });
  return { times, spend };
}

/** A report's days together, by name: the dearest first. */
export function usageByName(report: readonly GroupedDay[]): NamedUsage[] {
  const lines = report.flatMap((one) => [
    ...(one.models ?? []).map((line) => ({ ...line, name: line.model })),
    ...(one.routes ?? []).map((line) => ({ ...line, name: line.route })),
  ]);
  const byName = Map.groupBy(lines, ({ name }) => name);
  return [...byName]
    .map(([name, ofName]) => ({ name, ...totalOf(ofName) }))
    .sort(
      (one, other) => nano(other.total_spend) - nano(one.total_spend) || other.calls - one.calls,
    );
}

/** All together. Added up in nano-dollars, so that no cent is lost; null where no line knows. */
export function totalOf(lines: readonly UsageCounts[]): UsageCounts {
  const sum = (valueOf: (line: UsageCounts) => number) =>
    lines.reduce((total, line) => total + valueOf(line), 0);
  const isUnknown = lines.length > 0 && lines.every((line) => line.total_spend === null);
  return {
    total_spend: isUnknown ? null : sum((line) => nano(line.total_spend)) / 1e9,
    calls: sum((line) => line.calls),
    failed: sum((line) => line.failed),
    unpriced: sum((line) => line.unpriced),
    total_input_tokens: sum((line) => line.total_input_tokens),
    total_output_tokens: sum((line) => line.total_output_tokens),
  };
}

function nano(usd: number | null): number {
  return Math.round((usd ?? 0) * 1e9);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
