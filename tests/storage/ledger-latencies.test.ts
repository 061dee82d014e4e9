import { expect, test } from "bun:test";
import type { Percentiles } from "../../src/core/spend.ts";
import type { CallRow } from "../../src/core/types.ts";
import { ledgerMigrations } from "../../src/storage/sqlite/ledger-schema.ts";
import { ledgerOn } from "../../src/storage/sqlite/ledger-store.ts";
import { openDatabase } from "../../src/storage/sqlite/open.ts";
import { temporaryFolder } from "../process/program.ts";
import { callRow, dice, someDay } from "./ledger-samples.ts";

const hourMs = 3_600_000;
const dayMs = 86_400_000;

function start() {
  const folder = temporaryFolder();
  const database = openDatabase(folder.file("ledger.db"), ledgerMigrations);
  const ledger = ledgerOn(database);
  let position = 0;
  return {
    ledger,
    fold: (rows: readonly CallRow[]) => {
      const entries = rows.map((row) => ({ kind: "row", row, modelScopes: [] }) as const);
      position = ledger.fold("s", position, position + 1, entries);
    },
    [Symbol.dispose]() {
      ledger.close();
      folder[Symbol.dispose]();
    },
  };
}

/** Latencies of all sizes, from a tenth of a millisecond to an hour, over three days. */
function calls(count: number): CallRow[] {
  const roll = dice(5);
  const size = () => 10 ** (-1 + (roll(100_000) / 100_000) * 7.5);
  return Array.from({ length: count }, () => {
    const firstByteMs = size();
    return callRow({
      startedAt: someDay + roll(3 * dayMs),
      route: roll(3) === 0 ? "rerank" : "chat",
      firstByteMs,
      durationMs: Math.max(firstByteMs, size()),
      overheadMs: roll(4) === 0 ? null : size() / 1_000,
      isKept: roll(5) > 0,
    });
  });
}

function exact(values: readonly (number | null)[]): Percentiles {
  const known = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  const at = (share: number) => known[Math.ceil(share * known.length) - 1] ?? null;
  return { calls: known.length, p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
}

function expectClose(found: Percentiles, wanted: Percentiles): void {
  expect(found.calls).toBe(wanted.calls);
  for (const name of ["p50", "p90", "p95", "p99"] as const) {
    const [one, other] = [Math.max(found[name] ?? 0, 0.1), Math.max(wanted[name] ?? 0, 0.1)];
    expect(one / other).toBeWithin(1 / 1.1, 1.1);
  }
}

test.each(["hour", "day", "whole"] as const)(
  "percentiles by %s are within a tenth of the exact ones, kept or not",
  (by) => {
    using given = start();
    const rows = calls(4_000);
    for (let at = 0; at < rows.length; at += 300) given.fold(rows.slice(at, at + 300));
    const step = { hour: hourMs, day: dayMs, whole: Infinity }[by];
    const startOf = ({ startedAt }: CallRow) =>
      by === "whole" ? 0 : Math.floor(startedAt / step) * step;

    const found = given.ledger.latencies(by, {});

    const groups = Map.groupBy(rows, (row) => `${startOf(row)} ${row.route}`);
    expect(found.map(({ start, route }) => `${start} ${route}`)).toEqual(
      [...groups.keys()].toSorted(),
    );
    for (const { start, route, ...latencies } of found) {
      const ofGroup = groups.get(`${start} ${route}`) ?? [];
      expectClose(latencies.duration, exact(ofGroup.map(({ durationMs }) => durationMs)));
      expectClose(latencies.firstByte, exact(ofGroup.map(({ firstByteMs }) => firstByteMs)));
      expectClose(latencies.overhead, exact(ofGroup.map(({ overheadMs }) => overheadMs)));
    }
  },
);

test("one route, and whole hours or days of a time", () => {
  using given = start();
  const at = (ms: number, route = "chat") => callRow({ startedAt: someDay + ms, route });
  given.fold([at(0), at(hourMs), at(2 * hourMs), at(2 * hourMs, "rerank"), at(dayMs)]);
  const found = (by: "hour" | "day" | "whole", since: number, until: number) =>
    given.ledger
      .latencies(by, { since: someDay + since, until: someDay + until, route: "chat" })
      .map(({ start, duration }) => [start === 0 ? 0 : start - someDay, duration.calls]);

  expect(found("hour", hourMs + 5, 2 * hourMs)).toEqual([[hourMs, 1]]);
  expect(found("day", hourMs, 2 * hourMs)).toEqual([[0, 3]]);
  expect(found("whole", 0, 2 * dayMs)).toEqual([[0, 4]]);
  expect(given.ledger.latencies("day", { route: "nowhere" })).toEqual([]);
});

test("calls that were refused here do not count, those that waited in vain do", () => {
  using given = start();

  given.fold([
    callRow({ firstByteMs: null, status: 429, error: "rate_limited" }),
    callRow({ firstByteMs: null, status: 504, error: "upstream_timeout", durationMs: 60_000 }),
  ]);

  const [one] = given.ledger.latencies("whole", {});
  expect(one?.duration.calls).toBe(1);
  expect(one?.duration.p50).toBeWithin(54_000, 66_000);
  expect(one?.firstByte).toEqual({ calls: 0, p50: null, p90: null, p95: null, p99: null });
});

test("a call that is told of twice counts once, and a batch that fails does not", () => {
  using given = start();
  const row = callRow();
  given.fold([row, row]);

  expect(() => given.fold([callRow(), { ...callRow(), startedAt: 1.5 }])).toThrow();
  given.fold([row]);

  expect(given.ledger.latencies("whole", {})[0]?.duration.calls).toBe(1);
});

test("hours are kept for 400 days, days for good", () => {
  using given = start();
  given.fold([callRow(), callRow({ startedAt: someDay + 2 * dayMs })]);

  while (given.ledger.retainSome({ maxAgeMs: null, maxBytes: null }, someDay + 401 * dayMs));

  const starts = (by: "hour" | "day") => given.ledger.latencies(by, {}).map(({ start }) => start);
  expect(starts("hour")).toEqual([someDay + 2 * dayMs]);
  expect(starts("day")).toEqual([someDay, someDay + 2 * dayMs]);
});
