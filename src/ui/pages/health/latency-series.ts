import { dayMs, dayText } from "../../utc-days.ts";
import type { LatencyReply, PercentilesReply } from "./replies.ts";

const hourMs = 3_600_000;

export const spans = [
  ["24h", "Last 24 hours, by hour"],
  ["30d", "Last 30 days, by day"],
] as const;

export const parts = [
  ["duration_ms", "Whole call"],
  ["first_byte_ms", "First byte"],
  ["overhead_ms", "This gateway's part"],
] as const;

export type Span = (typeof spans)[number][0];
export type Part = (typeof parts)[number][0];

/** What is asked of `GET /global/latency`, and the moments of the chart. */
export interface LatencyQuestion {
  readonly groupBy: "hour" | "day";
  /** ISO. */
  readonly since: string;
  /** The day that whole days begin with: `2026-11-21`. */
  readonly sinceDay: string;
  readonly times: readonly number[];
}

/** `now`: epoch milliseconds. The hour or day that runs is the last one. */
export function latencyQuestion(span: Span, now: number): LatencyQuestion {
  const [step, size, groupBy] =
    span === "24h" ? ([hourMs, 24, "hour"] as const) : ([dayMs, 30, "day"] as const);
  const first = Math.floor(now / step) * step - (size - 1) * step;
  return {
    groupBy,
    since: new Date(first).toISOString(),
    sinceDay: dayText(first),
    times: Array.from({ length: size }, (_, index) => first + index * step),
  };
}

const percentiles = ["p50", "p90", "p95", "p99"] as const;

/** One line for each percentile; null where no call tells. */
export function latencySeries(
  replies: readonly LatencyReply[],
  times: readonly number[],
  part: Part,
) {
  const byTime = new Map(replies.map((reply) => [Date.parse(reply.start ?? ""), reply[part]]));
  return percentiles.map((name) => ({
    label: name,
    values: times.map((time) => byTime.get(time)?.[name] ?? null),
  }));
}

/** A route with its percentiles. */
export interface LatencyRow extends PercentilesReply {
  readonly route: string;
  readonly path: string;
}

/** The most called first. */
export function latencyRows(
  replies: readonly LatencyReply[],
  part: Part,
  pathOf: (route: string) => string,
): LatencyRow[] {
  const rows = replies.map((reply) => ({
    route: reply.route,
    path: pathOf(reply.route),
    ...reply[part],
  }));
  return rows.sort((a, b) => b.calls - a.calls);
}
