import type { Migration } from "./migrate.ts";
import { openDatabase } from "./open.ts";

/**
 * The schema of the ledger. Times are epoch milliseconds, days are days since 1970, money is nano-dollars. The names
 * that configuration and admins give (keys, teams, routes, …) stand as numbers of `words`: rows are half as long, and
 * every index on them a quarter. In the roll-ups 0 and the empty text are none. `rolled_up` tells up to which row they
 * go; the rest is added by the thousand, since a call at a time would cost more than its row.
 *
 * Indexes are dear where they are not written in order, so there are few. In their place `blocks` tells of each 1,000
 * rows (`seq / 1000`) which names they hold, how often, and between which bounds their times, costs and durations
 * are: a question reads the blocks that can answer it and no others. `places` lists, as JSON, where in the block the
 * rows of a name are that has few of them (`seq % 1000`); null: anywhere. `latencies` are histograms, of hours and of days.
 *
 * In `rolled_up`, besides: up to which start retention removed rows, and the first block that is not made yet.
 */
export const ledgerMigrations: readonly Migration[] = [
  {
    name: "calls, accounts, roll-ups",
    sql: `
CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE calls (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  started_at INTEGER NOT NULL,
  key INTEGER,
  team INTEGER,
  user INTEGER,
  route INTEGER NOT NULL,
  target INTEGER NOT NULL,
  method INTEGER NOT NULL,
  status INTEGER NOT NULL,
  error INTEGER,
  failed INTEGER NOT NULL,
  cost_nano INTEGER,
  estimated INTEGER NOT NULL,
  first_byte_ms REAL,
  duration_ms REAL NOT NULL,
  bytes_in INTEGER NOT NULL,
  bytes_out INTEGER NOT NULL,
  model TEXT,
  end_user TEXT,
  tags TEXT,
  metadata TEXT
) STRICT;
CREATE INDEX calls_by_time ON calls (started_at, cost_nano, key, team, route, model);
CREATE INDEX calls_by_key ON calls (key, started_at) WHERE key IS NOT NULL;
CREATE INDEX calls_failed ON calls (started_at) WHERE failed = 1;
CREATE TABLE accounts (
  scope TEXT PRIMARY KEY,
  spent_nano INTEGER NOT NULL,
  period_start INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE segments (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE refusals (
  minute INTEGER NOT NULL,
  route TEXT NOT NULL,
  code TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (minute, route, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE spend_daily (
  day INTEGER NOT NULL,
  key INTEGER NOT NULL,
  team INTEGER NOT NULL,
  user INTEGER NOT NULL,
  route INTEGER NOT NULL,
  model TEXT NOT NULL,
  end_user TEXT NOT NULL,
  calls INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  cost_nano INTEGER NOT NULL,
  PRIMARY KEY (day, key, team, user, route, model, end_user)
) STRICT, WITHOUT ROWID;
CREATE TABLE spend_tags (
  day INTEGER NOT NULL,
  key INTEGER NOT NULL,
  team INTEGER NOT NULL,
  tag TEXT NOT NULL,
  calls INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  cost_nano INTEGER NOT NULL,
  PRIMARY KEY (day, key, team, tag)
) STRICT, WITHOUT ROWID;
CREATE TABLE rolled_up (only INTEGER PRIMARY KEY CHECK (only = 1), seq INTEGER NOT NULL) STRICT;
INSERT INTO rolled_up VALUES (1, 0);
`,
  },
  {
    name: "usage, latencies, blocks",
    sql: `
ALTER TABLE calls ADD COLUMN provider INTEGER;
ALTER TABLE calls ADD COLUMN prompt_tokens INTEGER;
ALTER TABLE calls ADD COLUMN completion_tokens INTEGER;
ALTER TABLE calls ADD COLUMN usage TEXT;
ALTER TABLE calls ADD COLUMN unpriced INTEGER;
ALTER TABLE calls ADD COLUMN overhead_ms REAL;
ALTER TABLE calls ADD COLUMN is_stream INTEGER NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN user_agent TEXT;
ALTER TABLE spend_daily ADD COLUMN prompt_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE spend_daily ADD COLUMN completion_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE spend_tags ADD COLUMN prompt_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE spend_tags ADD COLUMN completion_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rolled_up ADD COLUMN removed_until INTEGER NOT NULL DEFAULT -1;
ALTER TABLE rolled_up ADD COLUMN blocks_to INTEGER NOT NULL DEFAULT 0;
UPDATE rolled_up SET blocks_to = coalesce((SELECT min(seq) FROM calls), 0) / 1000;
DROP INDEX calls_by_time;
DROP INDEX calls_failed;
CREATE INDEX calls_by_time ON calls (started_at);
CREATE TABLE blocks (
  name INTEGER NOT NULL,
  block INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  first_start INTEGER NOT NULL,
  last_start INTEGER NOT NULL,
  least_cost INTEGER NOT NULL,
  most_cost INTEGER NOT NULL,
  least_ms REAL NOT NULL,
  most_ms REAL NOT NULL,
  least_status INTEGER NOT NULL,
  most_status INTEGER NOT NULL,
  PRIMARY KEY (name, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE spend_coarse (
  day INTEGER NOT NULL,
  key INTEGER NOT NULL,
  team INTEGER NOT NULL,
  user INTEGER NOT NULL,
  route INTEGER NOT NULL,
  model TEXT NOT NULL,
  calls INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  cost_nano INTEGER NOT NULL,
  prompt_tokens INTEGER NOT NULL,
  completion_tokens INTEGER NOT NULL,
  PRIMARY KEY (day, key, team, user, route, model)
) STRICT, WITHOUT ROWID;
INSERT INTO spend_coarse SELECT day, key, team, user, route, model, sum(calls), sum(failed), sum(unpriced),
  sum(cost_nano), 0, 0 FROM spend_daily GROUP BY day, key, team, user, route, model;
CREATE TABLE latencies (
  hours INTEGER NOT NULL,
  start INTEGER NOT NULL,
  route INTEGER NOT NULL,
  counts BLOB NOT NULL,
  PRIMARY KEY (hours, start, route)
) STRICT, WITHOUT ROWID;
`,
  },
  {
    name: "places in blocks",
    sql: `
ALTER TABLE blocks ADD COLUMN places TEXT;
DROP INDEX calls_by_key;
`,
  },
];

/** Makes the ledger's database, or brings it up to date. Throws a `StoreError`. */
export function migrateLedger(file: string): void {
  openDatabase(file, ledgerMigrations, { synchronous: "FULL" }).close(true);
}
