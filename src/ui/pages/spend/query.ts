import { dayMs, dayText, type Days, lastDays } from "../../utc-days.ts";

/** The choices of time: whole days in UTC, today among them; `custom` has days of its own. */
export const ranges = [
  ["7d", "Last 7 days", 7],
  ["30d", "Last 30 days", 30],
  ["90d", "Last 90 days", 90],
  ["12mo", "Last 12 months", 365],
  ["custom", "From … to …", 0],
] as const;

/** What spend is put together by, under the API's names. */
export const groups = [
  ["route", "Route"],
  ["api_key", "Key"],
  ["team", "Team"],
  ["model", "Model"],
  ["tag", "Tag"],
  ["user", "User"],
  ["customer", "End user"],
] as const;

export const measures = [
  ["spend", "Spend"],
  ["calls", "Calls"],
  ["tokens", "Tokens"],
  ["failed", "Failed calls"],
] as const;

export type Range = (typeof ranges)[number][0];
export type Group = (typeof groups)[number][0];
export type Measure = (typeof measures)[number][0];

/** What the page shows: all that its address says. Days are `2026-11-21`. */
export interface SpendQuery {
  readonly range: Range;
  /** Of the range `custom`; null while nothing is chosen. */
  readonly from: string | null;
  readonly to: string | null;
  readonly group: Group;
  readonly measure: Measure;
}

/** What an address says; what is not understood there is left out. */
export function readSpendQuery(params: URLSearchParams): SpendQuery {
  const chosen = <Id extends string>(
    all: readonly (readonly [Id, ...unknown[]])[],
    name: string,
    standard: Id,
  ): Id => all.find(([id]) => id === params.get(name))?.[0] ?? standard;
  return {
    range: chosen(ranges, "range", "30d"),
    from: dayOf(params.get("from")),
    to: dayOf(params.get("to")),
    group: chosen(groups, "group", "route"),
    measure: chosen(measures, "show", "spend"),
  };
}

/** The address: only what differs from the plain one. */
export function writeSpendQuery({ range, from, to, group, measure }: SpendQuery): URLSearchParams {
  const params = new URLSearchParams();
  if (range !== "30d") params.set("range", range);
  if (range === "custom" && from !== null) params.set("from", from);
  if (range === "custom" && to !== null) params.set("to", to);
  if (group !== "route") params.set("group", group);
  if (measure !== "spend") params.set("show", measure);
  return params;
}

/** The days that are meant; null where the last lies before the first. `now`: epoch milliseconds. */
export function daysOf({ range, from, to }: SpendQuery, now: number): Days | null {
  const today = dayText(now);
  if (range === "custom") {
    const last = to ?? today;
    const first = from ?? dayText(Date.parse(last) - 29 * dayMs);
    return first <= last ? { first, last } : null;
  }
  const count = ranges.find(([id]) => id === range)?.[2] ?? 30;
  return lastDays(count, now);
}

function dayOf(text: string | null): string | null {
  if (text === null || !/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) || dayText(time) !== text ? null : text;
}
