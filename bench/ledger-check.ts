import { Database } from "bun:sqlite";
import { join } from "node:path";
import { callNanoUsd } from "./gateways.ts";
import type { Bench, Contender } from "./profile.ts";

/** So many answers went out, and up to `cutOff` more to connections that the driver had closed by then. */
export interface Answered {
  readonly counted: number;
  readonly cutOff: number;
  /** What each costs; null: that is not known. Without it: as in `governed`. */
  readonly costNanoUsd?: number | null;
}

/** Notes how many rows are missing, and by how much the accounts are wrong; either is a fault. */
export async function checkLedger(
  bench: Bench,
  { name, dataDirectory }: Contender,
  { counted, cutOff, costNanoUsd = callNanoUsd }: Answered,
): Promise<void> {
  const ledger = await settledLedger(dataDirectory ?? "", counted, costNanoUsd);
  const { rows, spent, astray, mispriced } = ledger;
  bench.figures.add(name, "missing rows", "", Math.max(0, counted - rows));
  bench.figures.add(name, "rows too many", "", Math.max(0, rows - counted - cutOff));
  bench.figures.add(name, "accounts astray", "nano-USD", astray);
  if (counted <= rows && rows <= counted + cutOff && astray === 0 && mispriced === 0) return;
  throw new Error(
    `${counted} calls were answered; the ledger has ${rows}, ${mispriced} of them at a wrong price; rows and accounts differ by ${astray} of ${spent} nano-USD`,
  );
}

/** What a governed gateway's ledger holds. Money is in nano-dollars. */
export interface LedgerState {
  /** Calls that were answered with 200. */
  readonly rows: number;
  /** Calls of which nobody saw the end. */
  readonly lost: number;
  /** What all rows cost together, and by how much the accounts of the route and of everybody differ from it. */
  readonly spent: number;
  readonly astray: number;
  /** What rows of calls that were answered do not cost what such a call does. */
  readonly mispriced: number;
}

const patienceMs = 20_000;

/**
 * The ledger once it holds as many answered calls as were counted, or has grown no more for seconds. Rows are moved
 * into it once a second.
 */
export async function settledLedger(
  dataDirectory: string,
  counted: number,
  costNanoUsd: number | null = callNanoUsd,
): Promise<LedgerState> {
  using database = new Database(join(dataDirectory, "ledger.db"), { readonly: true });
  const until = performance.now() + patienceMs;
  let before = -1;
  for (;;) {
    const state = stateOf(database, costNanoUsd);
    const grows = state.rows !== before;
    if ((state.rows >= counted && !grows) || (!grows && performance.now() > until)) return state;
    before = state.rows;
    await Bun.sleep(1_500);
  }
}

function stateOf(database: Database, costNanoUsd: number | null): LedgerState {
  const rows = one(database, "SELECT count(*) FROM calls WHERE status = 200 AND error IS NULL");
  const spent = one(database, "SELECT coalesce(sum(cost_nano), 0) FROM calls");
  const accounts = database
    .query<{ spent: number }, []>(
      "SELECT spent_nano AS spent FROM accounts WHERE scope = 'all' OR scope LIKE 'route:%'",
    )
    .all();
  const ofKeys = one(
    database,
    "SELECT coalesce(sum(spent_nano), 0) FROM accounts WHERE scope LIKE 'key:%'",
  );
  const sums = [...accounts.map((account) => account.spent), ofKeys];
  return {
    rows,
    lost: one(database, "SELECT count(*) FROM calls WHERE estimated = 1"),
    spent,
    astray: Math.max(...sums.map((sum) => Math.abs(sum - spent))),
    mispriced: one(
      database,
      `SELECT count(*) FROM calls WHERE status = 200 AND error IS NULL AND cost_nano IS NOT ${costNanoUsd}`,
    ),
  };
}

/** The one number that a question has for an answer. */
function one(database: Database, sql: string): number {
  return Number(database.query<Record<string, number>, []>(sql).values()[0]?.[0] ?? NaN);
}
