import type { Database } from "bun:sqlite";
import { scopesOf } from "../../core/journal.ts";
import type { StoredAccount, StoredAccounts } from "../../core/ledger-store.ts";
import type { CallRow } from "../../core/types.ts";
import type { CallNames } from "./ledger-names.ts";
import { ledgerMigrations } from "./ledger-schema.ts";
import { openDatabase } from "./open.ts";

/** Sums are read as text: a number of SQLite may be larger than one of ours can tell exactly. */
export function numberOf(sum: string): number {
  return Number(BigInt(sum));
}

export function accountReader(database: Database): StoredAccounts {
  const position = database.prepare<{ position: number }, [string]>(
    "SELECT position FROM segments WHERE name = ?",
  );
  const account = database.prepare<{ spent: string; periodStart: number }, [string]>(
    "SELECT CAST(spent_nano AS TEXT) AS spent, period_start AS periodStart FROM accounts WHERE scope = ?",
  );
  return {
    position: (segment) => position.get(segment)?.position ?? 0,
    account: (scope) => {
      const found = account.get(scope);
      return found === null ? null : stored(found);
    },
  };
}

function stored(row: { readonly spent: string; readonly periodStart: number }): StoredAccount {
  return { spentNanoUsd: numberOf(row.spent), periodStart: row.periodStart };
}

/** Long enough for another process to open the file, short enough for the event loop. */
const busyMs = 50;

/**
 * Accounts and positions by a connection of their own, for the event loop: it sees what is committed, and waits for
 * nobody who writes. The database has to be there (`migrateLedger`). Throws a `StoreError` where it cannot be used.
 */
export function openAccounts(file: string): StoredAccounts & { close(): void } {
  const database = openDatabase(file, ledgerMigrations, { readonly: true });
  database.run(`PRAGMA busy_timeout = ${busyMs}`);
  return { ...accountReader(database), close: () => database.close() };
}

/** What a transaction adds to accounts. */
export interface AccountWriter {
  add(scope: string, nanoUsd: number): void;
  /** To all accounts of a call, besides those of single models. */
  addCall(row: CallRow, names: CallNames, nanoUsd: number): void;
  /** A new period, unless the account is in it, or in a later one. */
  begin(scope: string, start: number, spentNanoUsd: number): void;
  /** Writes what was added; to be called at the end of the transaction. */
  flush(): void;
  rolledBack(): void;
}

/** Additions are gathered, so that a batch of calls is one update for each account. */
export function accountWriter(database: Database): AccountWriter {
  const pending = new Map<string, number>();
  const ofCalls = new Map<CallNames, { readonly scopes: readonly string[]; nanoUsd: number }>();
  const add = database.prepare(
    `INSERT INTO accounts (scope, spent_nano, period_start) VALUES (?, ?, 0)
     ON CONFLICT DO UPDATE SET spent_nano = spent_nano + excluded.spent_nano`,
  );
  const begin = database.prepare(
    `INSERT INTO accounts (scope, spent_nano, period_start) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET spent_nano = excluded.spent_nano, period_start = excluded.period_start
     WHERE accounts.period_start < excluded.period_start`,
  );
  const addPending = (scope: string, nanoUsd: number) => {
    const before = pending.get(scope) ?? 0;
    const isExact = Number.isSafeInteger(before + nanoUsd);
    if (!isExact) add.run(scope, before);
    pending.set(scope, isExact ? before + nanoUsd : nanoUsd);
  };
  const addCalls = () => {
    for (const { scopes, nanoUsd } of ofCalls.values())
      for (const scope of scopes) addPending(scope, nanoUsd);
    ofCalls.clear();
  };
  return {
    add: addPending,
    addCall: (row, names, nanoUsd) => {
      const sum = ofCalls.get(names);
      if (sum === undefined) ofCalls.set(names, { scopes: scopesOf(row), nanoUsd });
      else if (Number.isSafeInteger(sum.nanoUsd + nanoUsd)) sum.nanoUsd += nanoUsd;
      else for (const scope of sum.scopes) addPending(scope, nanoUsd);
    },
    begin: (scope, start, spentNanoUsd) => {
      addCalls(); // what came before counts for the period before
      const before = pending.get(scope);
      if (before !== undefined) add.run(scope, before);
      pending.delete(scope);
      begin.run(scope, spentNanoUsd, start);
    },
    flush: () => {
      addCalls();
      for (const [scope, nanoUsd] of pending) add.run(scope, nanoUsd);
      pending.clear();
    },
    rolledBack: () => {
      ofCalls.clear();
      pending.clear();
    },
  };
}
