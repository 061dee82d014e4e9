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
  addCount,
  addPacked,
  countsOf,
  type Histogram,
  histogramKey,
  type LatencyKind,
  packHistogram,
  percentile,
} from "./ledger-histogram.ts";
import { dayMs } from "./ledger-roll-ups.ts";
import type { Words } from "./ledger-words.ts";

const hourMs = 3_600_000;

/** Hours are kept so long; days stay, as the other roll-ups do. */
const hoursKeptMs = 400 * dayMs;

/** What histograms are made of. */
interface Latencies {
  readonly startedAt: number;
  readonly route: number;
  readonly durationMs: number;
  readonly firstByteMs: number | null;
  readonly overheadMs: number | null;
}

/** Whether a call's duration says something of the upstream: what was refused here was quick. */
const countsInSql =
  "(first_byte_ms IS NOT NULL OR error IN (SELECT id FROM words WHERE text = 'upstream_timeout'))";

/** Adds the rows behind one, up to another one. To be used in a transaction. */
export function latencyAdder(database: Database): (after: number, to: number) => void {
  const select = database.prepare<Latencies, [number, number]>(
    `SELECT started_at AS startedAt, route, duration_ms AS durationMs, first_byte_ms AS firstByteMs,
       overhead_ms AS overheadMs
     FROM calls WHERE seq > ? AND seq <= ? AND ${countsInSql}`,
  );
  const gathered = gatherer(database);
  return (after, to) => {
    for (const latencies of select.all(after, to)) gathered.add(latencies);
    gathered.flush();
  };
}

/** Of rows that are not kept; gathered, so that a batch of calls is one update for each route and hour. */
export function directLatencies(database: Database, words: Words) {
  const gathered = gatherer(database);
  return {
    add: (row: CallRow) => {
      if (row.firstByteMs === null && row.error !== "upstream_timeout") return;
      gathered.add({ ...row, route: words.numberOf(row.route) });
    },
    flush: gathered.flush,
    rolledBack: gathered.clear,
  };
}

interface Gathered {
  readonly start: number;
  readonly route: number;
  readonly histogram: Histogram;
}

function gatherer(database: Database) {
  const hours = new Map<string, Gathered>();
  const merge = merger(database);
  return {
    add: (one: Latencies) => {
      const start = Math.floor(one.startedAt / hourMs) * hourMs;
      const name = `${start} ${one.route}`;
      const known = hours.get(name);
      const { histogram } = known ?? { histogram: new Map<number, number>() };
      if (known === undefined) hours.set(name, { start, route: one.route, histogram });
      count(histogram, "duration", one.durationMs);
      count(histogram, "firstByte", one.firstByteMs);
      count(histogram, "overhead", one.overheadMs);
    },
    flush: () => {
      for (const { start, route, histogram } of hours.values()) {
        merge(1, start, route, histogram);
        merge(24, Math.floor(start / dayMs) * dayMs, route, histogram);
      }
      hours.clear();
    },
    clear: () => hours.clear(),
  };
}

function count(histogram: Histogram, kind: LatencyKind, ms: number | null): void {
  if (ms !== null) addCount(histogram, histogramKey(kind, ms), 1);
}

function merger(database: Database) {
  const find = database.prepare<{ counts: Uint8Array }, [number, number, number]>(
    "SELECT counts FROM latencies WHERE hours = ? AND start = ? AND route = ?",
  );
  const write = database.prepare(
    `INSERT INTO latencies (hours, start, route, counts) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET counts = excluded.counts`,
  );
  return (hours: 1 | 24, start: number, route: number, histogram: Histogram) => {
    const sum: Histogram = new Map(histogram);
    const stored = find.get(hours, start, route);
    if (stored !== null) addPacked(sum, stored.counts);
    write.run(hours, start, route, packHistogram(sum));
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
    if (by !== "whole") return rows.map((row) => told(row.start, row.route, histogramOf([row])));
    const routes = [...Map.groupBy(rows, ({ route }) => route)];
    return routes.map(([route, ofRoute]) => told(0, route, histogramOf(ofRoute)));
  };
}

function selection(by: LatencySpan, { route, since, until }: LatencyFilter) {
  const stepMs = by === "hour" ? hourMs : dayMs;
  const values: SQLQueryBindings[] = [
    stepMs / hourMs,
    since === undefined ? 0 : Math.floor(since / stepMs) * stepMs,
    until ?? Number.MAX_SAFE_INTEGER,
  ];
  const isRoute = "AND route = (SELECT id FROM words WHERE text = ?)";
  const sql = `SELECT start, text AS route, counts FROM latencies JOIN words ON words.id = route
    WHERE hours = ? AND start >= ? AND start < ? ${route === undefined ? "" : isRoute}
    ORDER BY start, text ${by === "whole" ? "" : `LIMIT ${maxSums + 1}`}`;
  return { sql, values: route === undefined ? values : [...values, route] };
}

function histogramOf(rows: readonly StoredLatencies[]): Histogram {
  const sum: Histogram = new Map();
  for (const { counts } of rows) addPacked(sum, counts);
  return sum;
}

function told(start: number, route: string, histogram: Histogram): RouteLatencies {
  return {
    start,
    route,
    duration: percentiles(histogram, "duration"),
    firstByte: percentiles(histogram, "firstByte"),
    overhead: percentiles(histogram, "overhead"),
  };
}

function percentiles(histogram: Histogram, kind: LatencyKind): Percentiles {
  const counts = countsOf(histogram, kind);
  return {
    calls: counts.calls,
    p50: percentile(counts, 0.5),
    p90: percentile(counts, 0.9),
    p95: percentile(counts, 0.95),
    p99: percentile(counts, 0.99),
  };
}
