import type { Database } from "bun:sqlite";
import { existsSync, renameSync } from "node:fs";
import { StoreError } from "../../core/store-error.ts";
import { createIndex, type ReadPack } from "./log-index.ts";
import { createPacks } from "./log-packs.ts";
import { createLogRetention } from "./log-retention.ts";
import { logMigrations } from "./log-schema.ts";
import { openDatabase } from "./open.ts";

export type { LogRetention } from "./log-retention.ts";

/** The log of bodies, for the thread that writes it. All of it is done when the call returns. */
export type LogDatabase = ReturnType<typeof logOn>;

/** A checkpoint behind so many pages (4 MB). */
const checkpointPages = 1_000;

/** Opens the log, or makes it. Throws a `StoreError`. */
export function openLogDatabase(file: string, read: ReadPack): LogDatabase {
  const database = openDatabase(file, logMigrations, { synchronous: "NORMAL" });
  try {
    return logOn(database, read);
  } catch (error) {
    database.close();
    throw error;
  }
}

function logOn(database: Database, read: ReadPack) {
  vacuumBySteps(database);
  database.run("PRAGMA cache_size = -8000");
  database.run(`PRAGMA wal_autocheckpoint = ${checkpointPages}`);
  database.run("PRAGMA journal_size_limit = 16777216");
  const packs = createPacks(database);
  const index = createIndex(database, read);
  return {
    write: packs.write,
    packHolding: packs.holding,
    indexSome: index.some,
    search: index.search,
    retainSome: createLogRetention(database),
    close: (): void => {
      database.run("PRAGMA wal_checkpoint(TRUNCATE)");
      database.close();
    },
  };
}

/** The file can shrink step by step; that is decided while it is empty. */
function vacuumBySteps(database: Database): void {
  const mode = database.prepare<{ auto_vacuum: number }, []>("PRAGMA auto_vacuum").get();
  if (mode?.auto_vacuum === 2) return;
  database.run("PRAGMA auto_vacuum = INCREMENTAL");
  database.run("VACUUM");
}

/** What SQLite says of a file that will be of no use again. */
const damage = /NOTADB|CORRUPT/;

/** Whether a database is of no use, and would not be later: damaged, another program's, a newer version's. */
export function isDamaged(error: unknown): boolean {
  if (error instanceof StoreError) return error.cause === undefined || isDamaged(error.cause);
  return error instanceof Error && "code" in error && damage.test(String(error.code));
}

/** Renames a database and what belongs to it; returns its new name. */
export function setAside(file: string, now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "");
  let aside = `${file}.damaged-${time}`;
  for (let n = 2; existsSync(aside); n++) aside = `${file}.damaged-${time}-${n}`;
  for (const end of ["", "-wal", "-shm"]) {
    if (existsSync(file + end)) renameSync(file + end, aside + end);
  }
  return aside;
}
