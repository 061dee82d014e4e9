import type { Migration } from "./migrate.ts";

const payer = `
  id TEXT PRIMARY KEY,
  alias TEXT,
  blocked INTEGER NOT NULL,
  rpm INTEGER,
  tpm INTEGER,
  parallel INTEGER,
  max_budget_nano_usd INTEGER,
  budget_duration TEXT,
  model_limits TEXT,
  models TEXT NOT NULL,
  allowed_routes TEXT NOT NULL,
  allowed_passthrough_routes TEXT NOT NULL,
  tags TEXT NOT NULL,
  metadata TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT NOT NULL`;

/** The schema of keys, teams and the audit log. Times are epoch milliseconds, lists and objects JSON. */
export const keyMigrations: readonly Migration[] = [
  {
    name: "keys, teams, audit",
    sql: `
CREATE TABLE teams (${payer}) STRICT;
CREATE INDEX teams_by_time ON teams (created_at, id);
CREATE TABLE keys (${payer},
  digest TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  team_id TEXT REFERENCES teams (id),
  user_id TEXT,
  role TEXT,
  expires_at INTEGER,
  soft_budget_nano_usd INTEGER
) STRICT;
CREATE UNIQUE INDEX keys_by_alias ON keys (alias) WHERE alias IS NOT NULL;
CREATE INDEX keys_by_team ON keys (team_id) WHERE team_id IS NOT NULL;
CREATE INDEX keys_by_user ON keys (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX keys_by_time ON keys (created_at, id);
CREATE TABLE revoked (digest TEXT PRIMARY KEY, key_id TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE imported (digest TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE pepper (only INTEGER PRIMARY KEY CHECK (only = 1), mark TEXT NOT NULL, source TEXT NOT NULL) STRICT;
CREATE TABLE audit (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  before TEXT,
  after TEXT
) STRICT;
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_subject ON audit (subject);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is not shortened'); END;
`,
  },
  {
    name: "endpoints, sessions",
    sql: `
CREATE TABLE endpoints (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  settings TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT NOT NULL
) STRICT;
CREATE TABLE sessions (
  digest TEXT PRIMARY KEY,
  id TEXT NOT NULL,
  key_id TEXT,
  key_digest TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  user_agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
  },
];
