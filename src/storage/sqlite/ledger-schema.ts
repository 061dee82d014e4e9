import type { Migration } from "./migrate.ts";
import { openDatabase } from "./open.ts";

/**
 * The schema of the ledger. Times are epoch milliseconds, days are days since 1970, money is nano-dollars. The names
 * that configuration and admins give (keys, teams, routes, …) stand as numbers of `words`: rows are half as long, and
 * every index on them a quarter. In the roll-ups 0 and the empty text are none. `rolled_up` tells up to which row they
 * go; the rest is added by the thousand, since a call at a time would cost more than its row.
 *
 * Indexes are dear where they are not written in order, so there is none on costs: `calls_by_time` holds what most
 * questions look at, and is read from end to end instead (1,000,000 rows in 40 ms).
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
];

/** Makes the ledger's database, or brings it up to date. Throws a `StoreError`. */
export function migrateLedger(file: string): void {
  openDatabase(file, ledgerMigrations, { synchronous: "FULL" }).close(true);
}
