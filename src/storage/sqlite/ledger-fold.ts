import type { Database } from "bun:sqlite";
import { type JournalEntry, type RowEntry, scopesOf } from "../../core/journal.ts";
import type { LedgerStore } from "../../core/ledger-store.ts";
import { accountReader, accountWriter } from "./ledger-accounts.ts";
import { createBlocks } from "./ledger-blocks.ts";
import { latencyWriter } from "./ledger-latencies.ts";
import { directRollUps, type RowRollUps } from "./ledger-roll-up-rows.ts";
import { rowWriter } from "./ledger-rows.ts";
import { createWords } from "./ledger-words.ts";

/** `LedgerStore.fold`; without `keepRows` each row counts as new. */
export function createFold(
  database: Database,
  rollUps: RowRollUps,
  keepRows: boolean,
): LedgerStore["fold"] {
  const { position } = accountReader(database);
  const apply = applier(database, keepRows);
  const addBlocks = createBlocks(database);
  const advance = database.prepare(
    `INSERT INTO segments (name, position) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET position = excluded.position`,
  );
  const fold = database.transaction(
    (segment: string, from: number, to: number, entries: readonly JournalEntry[]) => {
      const stands = position(segment);
      if (stands !== from) return stands;
      for (const entry of entries) apply.entry(entry);
      apply.flush();
      rollUps.keepUp();
      addBlocks();
      advance.run(segment, to);
      return to;
    },
  );
  return (...batch) => {
    try {
      return fold.immediate(...batch);
    } catch (error) {
      apply.rolledBack();
      throw error;
    }
  };
}

function applier(database: Database, keepRows: boolean) {
  const words = createWords(database);
  const accounts = accountWriter(database);
  const keep = rowWriter(database, words);
  const count = directRollUps(database, words);
  const refuse = database.prepare(
    `INSERT INTO refusals (minute, route, code, count) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count`,
  );
  const latencies = latencyWriter(database, words);
  const parts = [accounts, latencies];
  const addCall = ({ row, modelScopes }: RowEntry) => {
    if (!(keepRows && row.isKept)) count(row);
    else if (!keep(row)) return;
    latencies.add(row);
    if (row.costNanoUsd === null) return;
    for (const scope of scopesOf(row)) accounts.add(scope, row.costNanoUsd);
    for (const scope of modelScopes) accounts.add(scope, row.costNanoUsd);
  };
  const entry = (entry: JournalEntry) => {
    switch (entry.kind) {
      case "open":
        return;
      case "row":
        return addCall(entry);
      case "period":
        return accounts.begin(entry.scope, entry.start, entry.spentNanoUsd);
      case "adjust":
        return accounts.add(entry.scope, entry.nanoUsd);
      case "refused":
        return void refuse.run(entry.minute, entry.route, entry.code, entry.count);
    }
  };
  return {
    entry,
    flush: () => parts.forEach((part) => part.flush()),
    rolledBack: () => [words, ...parts].forEach((part) => part.rolledBack()),
  };
}
