import type { Database } from "bun:sqlite";
import { StoreError } from "../../core/store-error.ts";

/** One step of a schema. Steps are never changed or taken out once they are released: new ones are added at the end. */
export interface Migration {
  readonly name: string;
  /** One or more statements. */
  readonly sql: string;
}

/** Brings a database up to the last migration, each in a transaction of its own. Throws a `StoreError` for a newer one. */
export function migrate(database: Database, migrations: readonly Migration[]): void {
  const next = database.transaction(() => {
    database.run(
      "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT",
    );
    const number = checkedVersion(database, migrations) + 1;
    const migration = migrations[number - 1];
    if (migration === undefined) return false;
    database.run(migration.sql);
    database
      .prepare("INSERT INTO migrations (number, name, applied_at) VALUES (?, ?, ?)")
      .run(number, migration.name, Date.now());
    return true;
  });
  if (isCurrent(database, migrations)) return;
  while (next.immediate());
}

/** Whether nothing is to be done; asked first, so that an ordinary start takes no write lock. */
export function isCurrent(database: Database, migrations: readonly Migration[]): boolean {
  const table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'";
  if (database.prepare(table).get() === null) return false;
  return checkedVersion(database, migrations) === migrations.length;
}

/** How many migrations the database has; they must be the first ones of ours. */
function checkedVersion(database: Database, migrations: readonly Migration[]): number {
  const applied = database
    .prepare<Migration & { number: number }, []>(
      "SELECT number, name FROM migrations ORDER BY number",
    )
    .all();
  for (const { number, name } of applied) {
    const own = migrations[number - 1];
    if (own === undefined) {
      throw new StoreError(
        `The database ${database.filename} was written by a newer version of this program (its schema is ${applied.length}, this one knows ${migrations.length}). Run that version, or restore a backup from before.`,
      );
    }
    if (own.name !== name) {
      throw new StoreError(
        `The database ${database.filename} belongs to something else: its schema step ${number} is "${name}", not "${own.name}". Put the right file back, or choose another --data-dir.`,
      );
    }
  }
  return applied.length;
}
