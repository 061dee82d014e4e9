import { errorCodeOf } from "../../error-code.ts";
import type { LogReply } from "../../replies.ts";
import type { RefusalReply } from "./replies.ts";

const minuteMs = 60_000;

/** The chart shows so many minutes. */
export const minutesShown = 180;

/** A chart has so many codes of its own. */
const mostCodes = 7;

/** Every minute up to the one that runs. `now`: epoch milliseconds. */
export function minutesUpTo(now: number): number[] {
  const last = Math.floor(now / minuteMs) * minuteMs;
  return Array.from(
    { length: minutesShown },
    (_, index) => last - (minutesShown - 1 - index) * minuteMs,
  );
}

/** Refusals of one code. */
export interface CodeCount {
  readonly code: string;
  readonly count: number;
}

/** The most frequent first. */
export function codeCounts(refusals: readonly RefusalReply[]): CodeCount[] {
  const counts = new Map<string, number>();
  for (const { code, count } of refusals) counts.set(code, (counts.get(code) ?? 0) + count);
  return [...counts].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count);
}

/** One line for each code; the rare ones together. A minute without refusals is 0. */
export function refusalSeries(refusals: readonly RefusalReply[], minutes: readonly number[]) {
  const codes = codeCounts(refusals).map(({ code }) => code);
  const own = codes.length > mostCodes + 1 ? codes.slice(0, mostCodes) : codes;
  const rest = new Set(codes.slice(own.length));
  const byMinute = Map.groupBy(refusals, ({ minute }) => Date.parse(minute));
  const line = (label: string, isMeant: (code: string) => boolean) => ({
    label,
    values: minutes.map((minute) =>
      (byMinute.get(minute) ?? []).reduce(
        (sum, { code, count }) => sum + (isMeant(code) ? count : 0),
        0,
      ),
    ),
  });
  const lines = own.map((code) => line(code, (one) => one === code));
  return rest.size === 0
    ? lines
    : [...lines, line(`All others (${rest.size})`, (one) => rest.has(one))];
}

/** Failed calls of one route with one outcome. */
export interface FailureKind {
  readonly route: string;
  readonly status: number;
  /** This gateway's code; null where the upstream answered so. */
  readonly code: string | null;
  readonly calls: number;
}

type Failure = Pick<LogReply, "route" | "http_status" | "metadata">;

/** By route, status and code; the most frequent first. */
export function failureKinds(failures: readonly Failure[]): FailureKind[] {
  const groups = Map.groupBy(failures, (one) =>
    JSON.stringify([one.route, one.http_status, errorCodeOf(one)]),
  );
  const kinds = [...groups.values()].flatMap((ones) => {
    const [first] = ones;
    if (first === undefined) return [];
    const { route, http_status: status } = first;
    return [{ route, status, code: errorCodeOf(first), calls: ones.length }];
  });
  return kinds.sort((a, b) => b.calls - a.calls);
}
