import type { Database } from "bun:sqlite";
import type { CallRow } from "../../core/types.ts";
import type { Usage } from "../../core/usage.ts";
import type { CountedRow } from "./ledger-added-rows.ts";
import type { CallNames } from "./ledger-names.ts";
import type { Words } from "./ledger-words.ts";

/** Whether a call counts as failed: it was refused, broke off, or was answered with an error. */
function isFailed({ error, status }: CallRow): boolean {
  return error !== null || status >= 400;
}

/** Adds rows one by one, and gives each its number; null for one that is there already. To be used in a transaction. */
export function rowWriter(database: Database, words: Words) {
  const insert = database.prepare(
    `INSERT INTO calls (id, started_at, key, team, user, route, target, method, status, error, failed, cost_nano,
       estimated, first_byte_ms, duration_ms, bytes_in, bytes_out, model, end_user, tags, metadata, provider,
       prompt_tokens, completion_tokens, usage, unpriced, overhead_ms, is_stream, user_agent)
     VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`,
  );
  return (row: CallRow, names: CallNames, counted: CountedRow): number | null => {
    const { changes, lastInsertRowid } = insert.run(
      row.id,
      row.startedAt,
      names.key,
      names.team,
      names.user,
      names.route,
      names.target,
      names.method,
      row.status,
      counted.error,
      counted.failed,
      row.costNanoUsd,
      row.estimated ? 1 : 0,
      row.firstByteMs,
      row.durationMs,
      row.bytesIn,
      row.bytesOut,
      row.model,
      row.endUser,
      counted.tags.length === 0 ? null : JSON.stringify(counted.tags),
      row.metadata,
      names.provider,
      counted.promptTokens,
      counted.completionTokens,
      otherUsage(row.usage),
      row.unpriced === null ? null : words.numberOf(row.unpriced),
      row.overheadMs,
      row.isStream ? 1 : 0,
      row.userAgent,
    );
    return changes === 0 ? null : Number(lastInsertRowid);
  };
}

/** What is counted of a call, kept or not. */
export function countedRow(row: CallRow, names: CallNames, words: Words): CountedRow {
  return {
    names,
    startedAt: row.startedAt,
    costNanoUsd: row.costNanoUsd,
    durationMs: row.durationMs,
    status: row.status,
    failed: isFailed(row) ? 1 : 0,
    key: names.key,
    team: names.team,
    user: names.user,
    route: names.route,
    provider: names.provider,
    error: row.error === null ? null : words.numberOf(row.error),
    model: row.model,
    endUser: row.endUser,
    tags: row.tags.length < 2 ? row.tags : [...new Set(row.tags)],
    promptTokens: tokens(row.usage?.input),
    completionTokens: tokens(row.usage?.output),
  };
}

/** A column of whole numbers takes no others. */
function tokens(count: number | undefined): number | null {
  return count === undefined ? null : Math.round(count);
}

/** Null where two columns say all of it. */
function otherUsage(usage: Usage | null): string | null {
  if (usage === null) return null;
  let counts = 0;
  for (const unit in usage) {
    const isToken = unit === "input" || unit === "output";
    if (!isToken || !Number.isSafeInteger(usage[unit])) return JSON.stringify(usage);
    counts += 1;
  }
  return counts === 0 ? "{}" : null;
}

/** What `rowColumns` selects. */
interface StoredRow extends Omit<CallRow, "estimated" | "tags" | "usage" | "isStream" | "isKept"> {
  readonly estimated: 0 | 1;
  readonly tags: string | null;
  readonly usage: string | null;
  readonly input: number | null;
  readonly output: number | null;
  readonly isStream: 0 | 1;
}

const word = (column: string) => `(SELECT text FROM words WHERE words.id = calls.${column})`;

/** The columns of a row, under the names of `CallRow`. */
const rowColumns = `calls.id, started_at AS startedAt, first_byte_ms AS firstByteMs, duration_ms AS durationMs,
  ${word("method")} AS method, status, ${word("error")} AS error, ${word("route")} AS route, ${word("target")} AS target,
  ${word("key")} AS keyId, ${word("team")} AS teamId, ${word("user")} AS userId, end_user AS endUser, model,
  cost_nano AS costNanoUsd, estimated, bytes_in AS bytesIn, bytes_out AS bytesOut, tags, metadata,
  ${word("provider")} AS provider, prompt_tokens AS input, completion_tokens AS output, usage,
  ${word("unpriced")} AS unpriced, overhead_ms AS overheadMs, is_stream AS isStream, user_agent AS userAgent`;

/** Rows by their numbers, in that order. */
export function rowsAt(database: Database, places: readonly { readonly seq: number }[]): CallRow[] {
  const select = database.query<StoredRow, [number]>(
    `SELECT ${rowColumns} FROM calls WHERE seq = ?`,
  );
  return places.flatMap(({ seq }) => select.get(seq) ?? []).map(rowOf);
}

function rowOf({ input, output, usage, ...stored }: StoredRow): CallRow {
  return {
    ...stored,
    estimated: stored.estimated === 1,
    tags: stored.tags === null ? [] : JSON.parse(stored.tags),
    usage: usage === null ? tokenUsage(input, output) : JSON.parse(usage),
    isStream: stored.isStream === 1,
    isKept: true,
  };
}

function tokenUsage(input: number | null, output: number | null): Usage | null {
  if (input === null && output === null) return null;
  return { ...(input === null ? {} : { input }), ...(output === null ? {} : { output }) };
}
