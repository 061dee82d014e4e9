import type { Database } from "bun:sqlite";
import type { CallRow } from "../../core/types.ts";
import type { Words } from "./ledger-words.ts";

/** Whether a call counts as failed: it was refused, broke off, or was answered with an error. */
export function isFailed({ error, status }: CallRow): boolean {
  return error !== null || status >= 400;
}

/** Adds rows one by one; says of each whether it is new. To be used in a transaction. */
export function rowWriter(database: Database, words: Words): (row: CallRow) => boolean {
  const insert = database.prepare(
    `INSERT INTO calls (id, started_at, key, team, user, route, target, method, status, error, failed, cost_nano,
       estimated, first_byte_ms, duration_ms, bytes_in, bytes_out, model, end_user, tags, metadata)
     VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`,
  );
  const wordOf = (text: string | null) => (text === null ? null : words.numberOf(text));
  return (row) => {
    const { changes } = insert.run(
      row.id,
      row.startedAt,
      wordOf(row.keyId),
      wordOf(row.teamId),
      wordOf(row.userId),
      words.numberOf(row.route),
      words.numberOf(row.target),
      words.numberOf(row.method),
      row.status,
      wordOf(row.error),
      isFailed(row) ? 1 : 0,
      row.costNanoUsd,
      row.estimated ? 1 : 0,
      row.firstByteMs,
      row.durationMs,
      row.bytesIn,
      row.bytesOut,
      row.model,
      row.endUser,
      row.tags.length === 0 ? null : JSON.stringify([...new Set(row.tags)]),
      row.metadata,
    );
    return changes > 0;
  };
}

/** What `rowColumns` selects. */
export interface StoredRow extends Omit<CallRow, "estimated" | "tags"> {
  readonly estimated: 0 | 1;
  readonly tags: string | null;
}

const word = (column: string) => `(SELECT text FROM words WHERE words.id = calls.${column})`;

/** The columns of a row, under the names of `CallRow`. */
export const rowColumns = `calls.id, started_at AS startedAt, first_byte_ms AS firstByteMs, duration_ms AS durationMs,
  ${word("method")} AS method, status, ${word("error")} AS error, ${word("route")} AS route, ${word("target")} AS target,
  ${word("key")} AS keyId, ${word("team")} AS teamId, ${word("user")} AS userId, end_user AS endUser, model,
  cost_nano AS costNanoUsd, estimated, bytes_in AS bytesIn, bytes_out AS bytesOut, tags, metadata`;

export function rowOf(stored: StoredRow): CallRow {
  return {
    ...stored,
    estimated: stored.estimated === 1,
    tags: stored.tags === null ? [] : JSON.parse(stored.tags),
  };
}
