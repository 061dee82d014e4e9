import { Database } from "bun:sqlite";
import { chmodSync, existsSync, linkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { StoreError } from "../../core/store-error.ts";
import { isCurrent, type Migration, migrate } from "./migrate.ts";

export type { Migration } from "./migrate.ts";

export interface OpenOptions {
  /** FULL: what is committed survives a power cut. NORMAL: it survives a crash of the process. */
  readonly synchronous?: "FULL" | "NORMAL";
  /** Nothing is made or migrated; the database has to be there, and current. */
  readonly readonly?: boolean;
}

/** How long a writer waits for another process's. */
const busyMs = 5_000;

/**
 * Opens a database of ours (WAL, mode 0600), makes it where it is not there, and brings its schema up to date.
 * Throws a `StoreError` for everything that cannot be used; nothing that is there is ever replaced by a fresh one.
 */
export function openDatabase(
  file: string,
  migrations: readonly Migration[],
  { synchronous = "FULL", readonly = false }: OpenOptions = {},
): Database {
  let database: Database | null = null;
  try {
    prepareFile(file, readonly);
    database = new Database(file, {
      strict: true,
      ...(readonly ? { readonly } : { readwrite: true }),
    });
    settle(database, synchronous, readonly);
    if (!readonly) migrate(database, migrations);
    else if (!isCurrent(database, migrations)) throw outdated(file);
    return database;
  } catch (error) {
    database?.close();
    throw storeError(file, error);
  }
}

/** The same trouble in words that name the file and a remedy; a `StoreError` stays what it is. */
export function storeError(file: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const remedy = remedies.find(([codes]) => codes.test(code))?.[1] ?? String(error);
  return new StoreError(`The database ${file} cannot be used (${code}). ${remedy}.`, {
    cause: error,
  });
}

const remedies: readonly (readonly [codes: RegExp, remedy: string])[] = [
  [
    /NOTADB|CORRUPT/,
    "The file is damaged, or is no database: restore it from a backup, or move it and its -wal and -shm files away to start without what they hold",
  ],
  [/BUSY|LOCKED/, "Another process holds it: wait until that has ended, or stop it"],
  [/FULL|ENOSPC/, "The disk is full: make room"],
  [
    /READONLY|EROFS|CANTOPEN|PERM|EACCES|AUTH/,
    "This user must be able to read and write the file and its directory: mend their owner and mode, or choose another --data-dir",
  ],
  [/ENOENT|ENOTDIR/, "Its directory is not there: make it, or choose another --data-dir"],
  [/IOERR|EIO/, "The disk does not work as it should: see the system's log"],
];

/** The file is there afterwards, for this user alone; SQLite gives -wal and -shm the mode of the file. */
function prepareFile(file: string, readonly: boolean): void {
  if (!existsSync(file)) {
    if (readonly) throw new StoreError(`There is no database ${file}. Start the gateway once.`);
    if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0) throw lost(file);
    makeFile(file);
  }
  if (statSync(file).size === 0) {
    throw new StoreError(
      `The database ${file} is empty: what it held is lost. Restore it from a backup, or remove the file to start without.`,
    );
  }
  for (const path of [file, `${file}-wal`, `${file}-shm`]) {
    if (!readonly && existsSync(path) && (statSync(path).mode & 0o077) !== 0)
      chmodSync(path, 0o600);
  }
}

/** Written whole under another name first, so that a file that is empty is always one that was damaged. */
function makeFile(file: string): void {
  const draft = `${file}.new-${process.pid}`;
  const clear = () => ["", "-wal", "-shm"].forEach((end) => rmSync(draft + end, { force: true }));
  clear();
  try {
    writeFileSync(draft, "", { mode: 0o600, flag: "wx" });
    const database = new Database(draft, { readwrite: true });
    database.run("PRAGMA journal_mode = WAL");
    database.run(`PRAGMA application_id = ${applicationId}`);
    database.close(true);
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    if (!existsSync(file)) throw error;
  } finally {
    clear();
  }
}

/** "Toll", in the header of every database of ours. */
const applicationId = 0x546f6c6c;

function settle(database: Database, synchronous: "FULL" | "NORMAL", readonly: boolean): void {
  database.run(`PRAGMA busy_timeout = ${busyMs}`);
  const id = database.prepare<{ application_id: number }, []>("PRAGMA application_id").get();
  if (id?.application_id !== applicationId) {
    throw new StoreError(
      `The database ${database.filename} is another program's. Put the right file back, or choose another --data-dir.`,
    );
  }
  if (!readonly) {
    const mode = database.prepare<{ journal_mode: string }, []>("PRAGMA journal_mode = WAL").get();
    if (mode?.journal_mode !== "wal") {
      throw new StoreError(
        `The database ${database.filename} lies on a file system that cannot share memory between processes (a network share?). Choose a --data-dir on a local disk.`,
      );
    }
  }
  database.run(`PRAGMA synchronous = ${synchronous}`);
  database.run("PRAGMA foreign_keys = ON");
  database.run("PRAGMA trusted_schema = OFF");
  database.run("PRAGMA temp_store = MEMORY");
}

function outdated(file: string): StoreError {
  return new StoreError(`The database ${file} is of an older version. Start the gateway once.`);
}

function lost(file: string): StoreError {
  return new StoreError(
    `The database ${file} is gone, but its ${file}-wal is there. Restore both from a backup, or remove ${file}-wal to start without what they held.`,
  );
}
