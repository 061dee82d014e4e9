export const dayMs = 86_400_000;

/** First and last day, both included, as `2026-11-21`. */
export interface Days {
  readonly first: string;
  readonly last: string;
}

/** The day in UTC of a moment. `time`: epoch milliseconds. */
export function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** So many days, today the last of them. `now`: epoch milliseconds. */
export function lastDays(count: number, now: number): Days {
  return { first: dayText(now - (count - 1) * dayMs), last: dayText(now) };
}

/** Every day of a span; as many as a chart can show. */
export function everyDay({ first, last }: Days): string[] {
  const start = Date.parse(first);
  const count = Math.min(Math.round((Date.parse(last) - start) / dayMs) + 1, 3_660);
  return Array.from({ length: Math.max(0, count) }, (_, index) => dayText(start + index * dayMs));
}

/** Where charts put a day: at its midnight here, so that they write the same day. */
export function chartTime(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date).getTime();
}
