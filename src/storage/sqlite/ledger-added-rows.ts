import type { Database } from "bun:sqlite";
import type { CallNames } from "./ledger-names.ts";

/** A row as blocks and roll-ups count it; its names are numbers of `words`. */
export interface CountedRow {
  /** Null in rows that were read back. */
  readonly names: CallNames | null;
  readonly startedAt: number;
  readonly costNanoUsd: number | null;
  readonly durationMs: number;
  readonly status: number;
  readonly failed: number;
  readonly key: number | null;
  readonly team: number | null;
  readonly user: number | null;
  readonly route: number;
  readonly provider: number | null;
  readonly error: number | null;
  readonly model: string | null;
  readonly endUser: string | null;
  /** None of them twice. */
  readonly tags: readonly string[];
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
}

/** A row of `calls`. */
export interface AddedRow extends CountedRow {
  readonly seq: number;
}

/** Rows behind one, up to another one, in their order. */
export type ReadAddedRows = (after: number, to: number) => AddedRow[];

/** For rows that were added before this process knew of them: the others are counted as they come. */
export function createAddedRows(database: Database): ReadAddedRows {
  const select = database.prepare<
    Omit<AddedRow, "tags" | "names"> & { tags: string | null },
    [number, number]
  >(
    `SELECT seq, started_at AS startedAt, cost_nano AS costNanoUsd, duration_ms AS durationMs, status, failed, key, team,
       user, route, provider, error, model, end_user AS endUser, tags, prompt_tokens AS promptTokens,
       completion_tokens AS completionTokens
     FROM calls WHERE seq > ? AND seq <= ? ORDER BY seq`,
  );
  return (after, to) =>
    select.all(after, to).map(({ tags, ...row }) => ({
      ...row,
      names: null,
      tags: tags === null ? [] : JSON.parse(tags),
    }));
}

/** What is gathered of the rows behind one, so that they need not be read again. */
export interface Gathering {
  add(row: CountedRow, seq: number): void;
  clear(): void;
}

/**
 * Knows which rows are gathered: those behind `from`, up to `to`, each of them. A row that is not the next one says that
 * there are others; so does the database, which has the last word.
 */
export function followRows(gathering: Gathering) {
  let from = -1;
  let to = -1;
  const restart = (at: number) => {
    gathering.clear();
    from = to = at;
  };
  return {
    add: (row: CountedRow, seq: number) => {
      if (to === -1) return;
      if (seq !== to + 1) return restart(-1);
      gathering.add(row, seq);
      to = seq;
    },
    isAt: (first: number, last: number) => from === first && to === last,
    restart,
    forget: () => restart(-1),
    /** All rows up to one are gathered. */
    reached: (row: number) => void (to = row),
    /** What was gathered up to a row is dealt with. */
    passed: (row: number) => void (from = row),
  };
}
