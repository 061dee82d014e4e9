import { describe, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { StoreError } from "../../src/core/store-error.ts";
import { openKeyStore } from "../../src/storage/sqlite/key-store.ts";
import { type Migration, openDatabase, storeError } from "../../src/storage/sqlite/open.ts";
import { temporaryDirectory } from "../keys/book.ts";

const first: Migration = { name: "first", sql: "CREATE TABLE a (x); CREATE TABLE b (y);" };
const second: Migration = { name: "second", sql: "ALTER TABLE a ADD COLUMN z" };

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreError) return error.message;
    throw error;
  }
  return "none";
}

/** A database with 200 rows of a kilobyte, closed again so that all of it is in its file. */
function filled(file: string): void {
  using database = openDatabase(file, [first]);
  for (let count = 0; count < 200; count += 1) {
    database.run("INSERT INTO a VALUES (randomblob(1000))");
  }
  database.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

describe("a database", () => {
  test("is made for its owner alone, with its -wal and -shm, in WAL mode and fully synchronous", () => {
    using directory = temporaryDirectory();
    const before = process.umask(0);

    using database = openDatabase(join(directory.path, "a.db"), [first]);
    database.run("INSERT INTO a VALUES (1)");
    process.umask(before);

    const modes = readdirSync(directory.path).map((name) => [
      name,
      statSync(join(directory.path, name)).mode & 0o777,
    ]);
    expect(modes.sort()).toEqual([
      ["a.db", 0o600],
      ["a.db-shm", 0o600],
      ["a.db-wal", 0o600],
    ]);
    expect(database.query("PRAGMA journal_mode").values()).toEqual([["wal"]]);
    expect(database.query("PRAGMA synchronous").values()).toEqual([[2]]);
  });

  test("that others may read is theirs no more once it was opened", () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "a.db");
    filled(file);
    chmodSync(file, 0o644);

    openDatabase(file, [first]).close();

    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("keeps what it holds while its schema grows", () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "a.db");
    filled(file);

    using database = openDatabase(file, [first, second]);

    expect(database.query("SELECT count(*), count(z) FROM a").values()).toEqual([[200, 0]]);
    const applied = database.query("SELECT number, name FROM migrations").values();
    expect(applied).toEqual([
      [1, "first"],
      [2, "second"],
    ]);
  });

  test("stays as it was where a migration fails", () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "a.db");
    filled(file);
    const broken = { name: "broken", sql: "CREATE TABLE c (x); CREATE TABLE c (x)" };

    expect(refusal(() => openDatabase(file, [first, second, broken]))).toContain("already exists");

    using database = openDatabase(file, [first, second]);
    expect(database.query("SELECT name FROM sqlite_schema WHERE name = 'c'").values()).toEqual([]);
  });

  test("is read by a second process while the first writes", async () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "a.db");
    using database = openDatabase(file, [first]);
    database.run("INSERT INTO a VALUES (1)");
    database.run("BEGIN IMMEDIATE");
    database.run("INSERT INTO a VALUES (2)");

    const script = `
      const { openDatabase } = await import(${JSON.stringify(join(import.meta.dir, "../../src/storage/sqlite/open.ts"))});
      const database = openDatabase(${JSON.stringify(file)}, ${JSON.stringify([first])}, { readonly: true });
      console.log(JSON.stringify(database.query("SELECT x FROM a").values()));`;
    const reader = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe" });

    expect(await new Response(reader.stdout).json()).toEqual([[1]]);
    expect(await reader.exited).toBe(0);
    database.run("COMMIT");
  });

  test("that is only read is neither made nor changed", () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "a.db");
    const open = () => openDatabase(file, [first, second], { readonly: true });

    expect(refusal(open)).toContain("Start the gateway once");
    expect(existsSync(file)).toBe(false);
    filled(file);
    expect(refusal(open)).toContain("older version");
  });
});

describe("no fresh start in the place of", () => {
  test("a database of a newer program", () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "a.db");
    openDatabase(file, [first, second]).close();

    expect(refusal(() => openDatabase(file, [first]))).toMatch(
      /a\.db was written by a newer version.*schema is 2.*knows 1.*Run that version/,
    );
  });

  test("a database with another schema, or another program's", () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "a.db");
    openDatabase(file, [second.name === "second" ? first : second]).close();
    const foreign = join(directory.path, "b.db");
    using other = new Database(foreign);
    other.run("CREATE TABLE migrations (number)");

    expect(refusal(() => openDatabase(file, [{ ...first, name: "x" }]))).toContain(
      "something else",
    );
    expect(refusal(() => openDatabase(foreign, [first]))).toContain("another program's");
  });

  test.each<readonly [string, (file: string) => void, RegExp]>([
    ["cut short", (file) => truncateSync(file, 8_192), /damaged.*restore it from a backup/],
    ["cut in its header", (file) => truncateSync(file, 100), /damaged/],
    ["emptied", (file) => truncateSync(file, 0), /is empty: what it held is lost/],
    ["text", (file) => writeFileSync(file, "text ".repeat(9_999)), /SQLITE_NOTADB.*damaged/],
    [
      "full of noise",
      (file) => writeFileSync(file, readFileSync(file).fill(0xfe, 4_096)),
      /SQLITE_CORRUPT.*damaged/,
    ],
  ])("a file that is %s", (_, damage, message) => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "a.db");
    filled(file);
    for (const end of ["-wal", "-shm"]) rmSync(file + end, { force: true });
    damage(file);
    const before = readFileSync(file);

    expect(refusal(() => openDatabase(file, [first]))).toMatch(message);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test("a file that is gone while its -wal is there", () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "a.db");
    writeFileSync(`${file}-wal`, "frames");

    expect(refusal(() => openDatabase(file, [first]))).toMatch(/is gone.*Restore both/);
    expect(existsSync(file)).toBe(false);
  });

  test("digests that cannot be read", () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "a.db");
    const made = openKeyStore(file);
    for (let at = 0; at < 2_000; at += 1) made.addRevoked(`${at}`.padEnd(44, "x"), "id", at);
    made.close();
    const whole = readFileSync(file);
    for (const end of ["-wal", "-shm"]) rmSync(file + end, { force: true });
    writeFileSync(file, whole.fill(0xfe, whole.length - 40_960));

    expect(refusal(() => openKeyStore(file).digests())).toContain(`${file} cannot be used`);
  });
});

test("a directory that is not there, or is no place for files, is an error that says so", () => {
  using directory = temporaryDirectory();

  expect(refusal(() => openDatabase(join(directory.path, "no/a.db"), [first]))).toContain("ENOENT");
  expect(refusal(() => openDatabase(directory.path, [first]))).toContain(
    "choose another --data-dir",
  );
  expect(refusal(() => openDatabase("/proc/a.db", [first]))).toMatch(/ENOENT|EACCES|EPERM/);
});

test.skipIf(process.getuid?.() === 0)("a directory that cannot be written", () => {
  using directory = temporaryDirectory();
  chmodSync(directory.path, 0o500);

  expect(refusal(() => openDatabase(join(directory.path, "a.db"), [first]))).toContain("EACCES");
  chmodSync(directory.path, 0o700);
});

test("every message names the file, and what to do", () => {
  for (const code of ["SQLITE_BUSY", "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR_READ"]) {
    const { message } = storeError("/x/a.db", Object.assign(new Error("cause"), { code }));
    expect(message).toMatch(
      new RegExp(`^The database /x/a\\.db cannot be used \\(${code}\\)\\. .+\\.$`),
    );
  }
});
