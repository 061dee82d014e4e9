import { Database } from "bun:sqlite";
import { readFileSync, rmSync, writeFileSync } from "node:fs";

/** One bit of one byte. */
export function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0x20;
  writeFileSync(file, bytes);
}

/** Another program's database in its place. */
export function foreign(file: string): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(file + end, { force: true });
  using database = new Database(file, { create: true });
  database.run("CREATE TABLE things (id INTEGER)");
}

/** As a later version of this program would leave it. */
export function newer(file: string): void {
  using database = new Database(file, { readwrite: true });
  database.run("INSERT INTO migrations SELECT max(number) + 1, 'of the future', 0 FROM migrations");
  database.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

/** Nothing of it stands in its write-ahead log any more. */
export function whole(file: string): void {
  using database = new Database(file, { readwrite: true });
  database.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

/** The page that tells its tables is overwritten. */
export function smear(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 100, 4_000);
  writeFileSync(file, bytes);
}
