import { Database } from "bun:sqlite";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRecord } from "../../src/ledger/format.ts";

/** A row of the ledger, as its database holds it. */
export interface LedgerRow {
  readonly id: string;
  /** Its tags and its end user: refused calls have the latter alone. */
  readonly names: readonly string[];
  readonly costNano: number | null;
  readonly status: number;
  readonly estimated: boolean;
  readonly error: string | null;
}

/** The data directory as it stands, in a copy: to look at a killed gateway's files changes nothing of them. */
function withCopy<Result>(dataDirectory: string, look: (copy: string) => Result): Result {
  const copy = mkdtempSync(join(tmpdir(), "tollgate-copy-"));
  try {
    for (const name of readdirSync(dataDirectory)) {
      if (/\.db(?:-wal)?$/.test(name)) cpSync(join(dataDirectory, name), join(copy, name));
    }
    return look(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** What is wrong with the files of a gateway that does not run: nothing, one hopes. */
export function faultsOf(dataDirectory: string): string[] {
  const damaged = withCopy(dataDirectory, (copy) =>
    ["ledger.db", "tollgate.db"].filter((name) => {
      using database = new Database(join(copy, name), { readwrite: true });
      const found = database.query<{ integrity_check: string }, []>("PRAGMA integrity_check").all();
      return found.length !== 1 || found[0]?.integrity_check !== "ok";
    }),
  );
  return [...damaged, ...journalFaults(join(dataDirectory, "journal"))];
}

/** A torn record at a segment's end is none: a kill may leave it. */
function journalFaults(folder: string): string[] {
  return readdirSync(folder).filter((name) => {
    const bytes = readFileSync(join(folder, name));
    for (let offset = 0; ;) {
      const record = readRecord(bytes, offset);
      if (record.kind !== "record") return record.kind === "damaged";
      offset = record.next;
    }
  });
}

/** All rows of the ledger, oldest first. */
export function rowsOf(dataDirectory: string): LedgerRow[] {
  return withCopy(dataDirectory, (copy) => {
    using database = new Database(join(copy, "ledger.db"), { readwrite: true });
    return database
      .query<RawRow, []>(
        "SELECT c.id, c.tags, c.end_user, c.cost_nano, c.status, c.estimated, w.text AS error FROM calls c LEFT JOIN words w ON w.id = c.error ORDER BY c.seq",
      )
      .all()
      .map(({ id, tags, end_user: endUser, cost_nano: costNano, status, estimated, error }) => ({
        id,
        names: [
          ...(tags === null ? [] : textsOf(JSON.parse(tags))),
          ...(endUser === null ? [] : [endUser]),
        ],
        costNano,
        status,
        estimated: estimated === 1,
        error,
      }));
  });
}

interface RawRow {
  readonly id: string;
  readonly tags: string | null;
  readonly end_user: string | null;
  readonly cost_nano: number | null;
  readonly status: number;
  readonly estimated: number;
  readonly error: string | null;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** The rows of each name. */
export function byName(rows: readonly LedgerRow[]): Map<string, LedgerRow[]> {
  const found = new Map<string, LedgerRow[]>();
  for (const row of rows) {
    for (const name of row.names) found.set(name, [...(found.get(name) ?? []), row]);
  }
  return found;
}
