import type { Database, SQLQueryBindings } from "bun:sqlite";
import {
  type LatencyFilter,
  type LatencySpan,
  maxSums,
  type Percentiles,
  type RouteLatencies,
} from "../../core/spend.ts";
import type { CallRow } from "../../core/types.ts";
import {
  addHistogram,
  addLatency,
  addPacked,
  emptyHistogram,
  type Histogram,
  type LatencyKind,
  packHistogram,
  percentiles,
} from "./ledger-histogram.ts";
import type { CallNames } from "./ledger-names.ts";
import { dayMs } from "./ledger-roll-ups.ts";
import { word } from "./ledger-words.ts";

const hourMs = 3_600_000;

/** Hours are kept so long; days stay, as the other roll-ups do. */
const hoursKeptMs = 400 * dayMs;

interface Gathered {
  readonly start: number;
  readonly route: number;
  readonly histogram: Histogram;
}

/** Counts calls; gathers them, so that a batch is one update for each route and hour. To be used in a transaction. */
export function latencyWriter(database: Database) {
  const hours = new Map<string, Gathered>();
  const last = new Map<CallNames, Gathered>();
  const merge = merger(database);
  const gatheredOf = (startedAt: number, names: CallNames) => {
    const before = last.get(names);
    if (before !== undefined && startedAt >= before.start && startedAt < before.start + hourMs)
      return before;
    const start = Math.floor(startedAt / hourMs) * hourMs;
    const found = gatheredIn(hours, start, names.route);
    last.set(names, found);
    return found;
  };
  const clear = () => {
    hours.clear();
    last.clear();
  };
  return {
    add: (row: CallRow, names: CallNames) => {
      const { startedAt, firstByteMs } = row;
      if (firstByteMs === null && row.error !== "upstream_timeout") return; // what was refused here was quick
      const { histogram } = gatheredOf(startedAt, names);
      addLatency(histogram, "duration", row.durationMs);
      addLatency(histogram, "firstByte", firstByteMs);
      addLatency(histogram, "overhead", row.overheadMs);
    },
    flush: () => {
      const days = new Map<string, Gathered>();
      for (const { start, route, histogram } of hours.values()) {
        const day = gatheredIn(days, Math.floor(start / dayMs) * dayMs, route);
        addHistogram(day.histogram, histogram);
        merge(1, start, route, histogram);
      }
      for (const { start, route, histogram } of days.values()) merge(24, start, route, histogram);
      clear();
    },
    rolledBack: clear,
  };
}

function gatheredIn(all: Map<string, Gathered>, start: number, route: number): Gathered {
  const name = `${start} ${route}`;
  const found = all.get(name) ?? { start, route, histogram: emptyHistogram() };
  all.set(name, found);
  return found;
}

function merger(database: Database) {
  const find = database.prepare<{ counts: Uint8Array }, [number, number, number]>(
    "SELECT counts FROM latencies WHERE hours = ? AND start = ? AND route = ?",
  );
  const write = database.prepare(
    `INSERT INTO latencies (hours, start, route, counts) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET counts = excluded.counts`,
  );
  /** Adds what is stored to a histogram, and stores it. */
  return (hours: 1 | 24, start: number, route: number, histogram: Histogram) => {
    const stored = find.get(hours, start, route);
    if (stored !== null) addPacked(histogram, stored.counts);
    write.run(hours, start, route, packHistogram(histogram));
  };
}

/** Removes hours that are too old, some of them; true while there are more. */
export function createLatencyRetention(database: Database): (now: number) => boolean {
  const remove = database.prepare(
    `DELETE FROM latencies WHERE (hours, start, route) IN
       (SELECT hours, start, route FROM latencies WHERE hours = 1 AND start < ? LIMIT 500)`,
  );
  return (now) => remove.run(now - hoursKeptMs).changes > 0;
}

interface StoredLatencies {
  readonly start: number;
  readonly route: string;
  readonly counts: Uint8Array;
}

/** `SpendReader.latencies`, at once. */
export function createLatencies(database: Database) {
  return (by: LatencySpan, filter: LatencyFilter): RouteLatencies[] => {
    const { sql, values } = selection(by, filter);
    const rows = database.query<StoredLatencies, SQLQueryBindings[]>(sql).all(...values);
    if (by !== "whole")
      return rows.map((row) => latenciesOf(row.start, row.route, histogramOf([row])));
    const routes = [...Map.groupBy(rows, ({ route }) => route)];
    return routes.map(([route, ofRoute]) => latenciesOf(0, route, histogramOf(ofRoute)));
  };
}

function selection(by: LatencySpan, { route, since, until }: LatencyFilter) {
  const stepMs = by === "hour" ? hourMs : dayMs;
  const values: SQLQueryBindings[] = [
    stepMs / hourMs,
    since === undefined ? 0 : Math.floor(since / stepMs) * stepMs,
    until ?? Number.MAX_SAFE_INTEGER,
  ];
  const isRoute = `AND route = ${word}`;
  const sql = `SELECT start, text AS route, counts FROM latencies JOIN words ON words.id = route
    WHERE hours = ? AND start >= ? AND start < ? ${route === undefined ? "" : isRoute}
    ORDER BY start, text ${by === "whole" ? "" : `LIMIT ${maxSums + 1}`}`;
  return { sql, values: route === undefined ? values : [...values, route] };
}

function histogramOf(rows: readonly StoredLatencies[]): Histogram {
  const sum = emptyHistogram();
  for (const { counts } of rows) addPacked(sum, counts);
  return sum;
}

function latenciesOf(start: number, route: string, histogram: Histogram): RouteLatencies {
  return {
    start,
    route,
    duration: told(histogram, "duration"),
    firstByte: told(histogram, "firstByte"),
    overhead: told(histogram, "overhead"),
  };
}

function told(histogram: Histogram, kind: LatencyKind): Percentiles {
  const { calls, ms } = percentiles(histogram, kind, [0.5, 0.9, 0.95, 0.99]);
  const [p50 = null, p90 = null, p95 = null, p99 = null] = ms;
  return { calls, p50, p90, p95, p99 };
}
