import type { Mistake } from "../mistakes.ts";

/** Holds, the ledger, the database and browsers: all of `general_settings`. */
export const records: Record<string, Mistake> = {
  "a hold of nothing": general("default_hold", "0", "a number of at least 1e-9"),
  "a hold below nothing": general("min_hold", "-1", "a number of at least 1e-9"),
  "a hold in quotes": general("max_hold", '"10"', "not a text"),
  "a hold below the least one": general("min_hold", "0.02", "min_hold is above default_hold"),
  "a default hold below the least one": general(
    "default_hold",
    "0.0000001",
    "min_hold is above default_hold",
  ),
  "a default hold above the most": general("default_hold", "11", "max_hold is below default_hold"),
  "a hold above the most": general("max_hold", "0.005", "max_hold is below default_hold"),
  "an origin without its scheme": {
    ...general("cors_origins", "[app.example]", "a text of another form"),
    key: "general_settings.cors_origins[0]",
    column: 18,
  },
  "an origin with a path": {
    ...general("cors_origins", "[https://app.example/x]", "https://host[:port]"),
    key: "general_settings.cors_origins[0]",
    column: 18,
  },
  "an origin whose port is none": {
    ...general("cors_origins", "['*', 'https://app.example:99999']", "this is not an origin"),
    key: "general_settings.cors_origins[1]",
    column: 23,
  },
  "an origin for the origins": general("cors_origins", "'*'", "a list is meant; not a text"),
  "rows kept for a number": general("maximum_spend_logs_retention_period", "7", "not a number"),
  "rows kept for no time": general(
    "maximum_spend_logs_retention_period",
    "7days",
    "As 30s, 30m, 30h, 30d, 2w or 1mo.",
  ),
  "rows kept in nothing": general("maximum_spend_logs_size_mb", "0", "a number of at least 1"),
  "rows kept in a text": general("maximum_spend_logs_size_mb", "1GB", "not a text"),
  "rows left out by a word": general("disable_spend_logs", "never", "true or false is meant"),
  "a number for what goes on without a ledger": general(
    "allow_requests_on_db_unavailable",
    "1",
    "true or false is meant",
  ),
  "a sync that nobody knows": general("ledger_sync", "always", "turn: before a call is sent"),
  "a database of another kind": general("database_url", "mysql://db/x", "Write sqlite://FILE"),
  "a database without its file": general("database_url", "sqlite://", "Write sqlite://FILE"),
  "a database in the ledger's file": general(
    "database_url",
    "sqlite://ledger.db",
    "this file is of another kind",
  ),
  PostgreSQL: general(
    "database_url",
    "postgresql://u:secret@db/litellm",
    "not in this version: PostgreSQL",
  ),
  Redis: general("redis_url", "redis://cache", "two that do not share would overrun"),
};

function general(key: string, value: string, says: string): Mistake {
  const yaml = `general_settings:\n  ${key}: ${value} # <-\n`;
  return { yaml, key: `general_settings.${key}`, says, column: 3 };
}
