import { Database } from "bun:sqlite";
import { join } from "node:path";

/** A call as the ledger's rows have it; money is nano-dollars. */
export interface LedgerRow {
  readonly id: string;
  readonly startedAt: number;
  readonly route: string;
  readonly key: string | null;
  readonly team: string | null;
  readonly status: number;
  readonly error: string | null;
  readonly failed: number;
  readonly cost: number | null;
  readonly estimated: number;
  readonly why: string | null;
  readonly firstByteMs: number | null;
  readonly durationMs: number;
  readonly overheadMs: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly model: string | null;
  readonly prompt: number | null;
  readonly completion: number | null;
  readonly usage: string | null;
}

/** What calls come to, added up by SQLite. */
export interface LedgerSum {
  readonly name: string;
  readonly calls: number;
  readonly failed: number;
  readonly unpriced: number;
  /** Null where no call's cost is known. */
  readonly nano: number | null;
  readonly tokensIn: number;
  readonly tokensOut: number;
}

const groups = {
  all: "''",
  route: "(SELECT text FROM words WHERE id = route)",
  api_key: "(SELECT text FROM words WHERE id = key)",
  team: "(SELECT text FROM words WHERE id = team)",
  user: "(SELECT text FROM words WHERE id = user)",
  model: "model",
  customer: "end_user",
} as const;

export type LedgerGroup = keyof typeof groups;

const sums = `count(*) AS calls, sum(failed) AS failed, sum(cost_nano IS NULL) AS unpriced,
  sum(cost_nano) AS nano, coalesce(sum(prompt_tokens), 0) AS tokensIn,
  coalesce(sum(completion_tokens), 0) AS tokensOut`;

const word = (column: string) => `(SELECT text FROM words WHERE id = ${column})`;

/** The files of a gateway that has ended, or that does nothing for now. */
export class Ledger implements Disposable {
  readonly #calls: Database;
  readonly #keys: Database;

  constructor(dataDir: string) {
    this.#calls = new Database(join(dataDir, "ledger.db"), { readonly: true });
    this.#keys = new Database(join(dataDir, "tollgate.db"), { readonly: true });
  }

  /** The newest first. */
  rows(): LedgerRow[] {
    return this.#calls
      .query<LedgerRow, []>(
        `SELECT id, started_at AS startedAt, ${word("route")} AS route, ${word("key")} AS key,
           ${word("team")} AS team, status, ${word("error")} AS error, failed, cost_nano AS cost,
           estimated, ${word("unpriced")} AS why, first_byte_ms AS firstByteMs,
           duration_ms AS durationMs, overhead_ms AS overheadMs, bytes_in AS bytesIn,
           bytes_out AS bytesOut, model, prompt_tokens AS prompt, completion_tokens AS completion,
           usage
         FROM calls ORDER BY started_at DESC, seq DESC`,
      )
      .all();
  }

  rowOf(id: string): LedgerRow {
    const row = this.rows().find((one) => one.id === id);
    if (row === undefined) throw new Error(`The ledger has no row of ${id}.`);
    return row;
  }

  /** The dearest first, then the most called. `where`: SQL. */
  sums(group: LedgerGroup, where = "true"): LedgerSum[] {
    return this.#calls
      .query<LedgerSum, []>(
        `SELECT coalesce(${groups[group]}, '') AS name, ${sums} FROM calls WHERE ${where}
         GROUP BY 1 ORDER BY coalesce(sum(cost_nano), 0) DESC, count(*) DESC`,
      )
      .all();
  }

  /** All calls together. */
  whole(where = "true"): LedgerSum {
    const [sum] = this.sums("all", where);
    return (
      sum ?? { name: "", calls: 0, failed: 0, unpriced: 0, nano: 0, tokensIn: 0, tokensOut: 0 }
    );
  }

  tagSums(): LedgerSum[] {
    return this.#calls
      .query<LedgerSum, []>(
        `SELECT value AS name, ${sums} FROM calls, json_each(calls.tags)
         GROUP BY 1 ORDER BY sum(cost_nano) DESC, count(*) DESC`,
      )
      .all();
  }

  refusals(): { code: string; count: number }[] {
    return this.#calls
      .query<{ code: string; count: number }, []>(
        "SELECT code, sum(count) AS count FROM refusals GROUP BY code ORDER BY 2 DESC, 1",
      )
      .all();
  }

  /** Nano-dollars spent in an account: `key:…`, `team:…`, `route:…`, `all`. */
  spent(scope: string): number {
    const found = this.#calls
      .query<{ spent: number }, [string]>(
        "SELECT spent_nano AS spent FROM accounts WHERE scope = ?",
      )
      .get(scope);
    return found?.spent ?? 0;
  }

  audits(): number {
    return (
      this.#keys.query<{ count: number }, []>("SELECT count(*) AS count FROM audit").get()?.count ??
      0
    );
  }

  [Symbol.dispose](): void {
    this.#calls.close();
    this.#keys.close();
  }
}

/** Only of calls whose name is one of these; SQL for `Ledger.sums`. */
export const named = (column: "key" | "team" | "route", name: string) =>
  `${word(column)} = '${name.replaceAll("'", "''")}'`;
