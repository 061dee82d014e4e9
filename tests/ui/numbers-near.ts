import { expect } from "bun:test";
import type { LedgerRow } from "./numbers-ledger.ts";
import { msOf, percentileOf } from "./numbers-text.ts";

/** Calls of a route that its upstream answered: those whose latency is told. */
export function answeredOf(rows: readonly LedgerRow[], route: string): readonly LedgerRow[] {
  return rows.filter((row) => row.route === route && row.firstByteMs !== null);
}

/** A percentile of the calls' durations as it is told: to within 10 %, and rounded to a tenth. */
export function expectNear(
  text: string | undefined,
  answered: readonly LedgerRow[],
  share: number,
): void {
  if (answered.length === 0) {
    expect(["–", "unknown"]).toContain(text ?? "");
    return;
  }
  const exact = percentileOf(
    answered.map(({ durationMs }) => durationMs),
    share,
  );
  expect(Math.abs(msOf(text ?? "") - exact)).toBeLessThanOrEqual(exact * 0.1 + 0.06);
}

/** The most calls that began in one hour. */
export function mostInAnHour(rows: readonly LedgerRow[]): number {
  const hours = Map.groupBy(rows, ({ startedAt }) => Math.floor(startedAt / 3_600_000));
  return Math.max(...[...hours.values()].map(({ length }) => length));
}
