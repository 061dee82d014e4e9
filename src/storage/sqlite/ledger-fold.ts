import type { Database } from "bun:sqlite";
import type { JournalEntry, RowEntry } from "../../core/journal.ts";
import type { LedgerStore } from "../../core/ledger-store.ts";
import type { CallRow } from "../../core/types.ts";
import { accountReader, accountWriter } from "./ledger-accounts.ts";
import type { CountedRow } from "./ledger-added-rows.ts";
import type { Blocks } from "./ledger-blocks.ts";
import { latencyWriter } from "./ledger-latencies.ts";
import { type CallNames, createCallNaming } from "./ledger-names.ts";
import type { RowRollUps } from "./ledger-roll-up-rows.ts";
import { countedRow, rowWriter } from "./ledger-rows.ts";
import { createWords } from "./ledger-words.ts";

/** What is made of the rows that are kept. */
export interface MadeOfRows {
  readonly rollUps: RowRollUps;
  readonly blocks: Blocks;
}

/** `LedgerStore.fold`; without `keepRows` each row counts as new. */
export function createFold(
  database: Database,
  made: MadeOfRows,
  keepRows: boolean,
): LedgerStore["fold"] {
  const { position } = accountReader(database);
  const apply = applier(database, made, keepRows);
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
      if (!made.blocks.make()) made.rollUps.keepUp(); // one after the other: what waits for it waits for less
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

function applier(database: Database, { rollUps, blocks }: MadeOfRows, keepRows: boolean) {
  const words = createWords(database);
  const naming = createCallNaming(words);
  const accounts = accountWriter(database);
  const keep = rowWriter(database, words);
  const refuse = database.prepare(
    `INSERT INTO refusals (minute, route, code, count) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count`,
  );
  const latencies = latencyWriter(database);
  const parts = [accounts, latencies, rollUps];
  const addRow = (row: CallRow, names: CallNames, counted: CountedRow): boolean => {
    const seq = keep(row, names, counted);
    if (seq === null) return false;
    rollUps.add(counted, seq);
    blocks.add(counted, seq);
    return true;
  };
  const addCall = ({ row, modelScopes }: RowEntry) => {
    const names = naming.namesOf(row);
    const counted = countedRow(row, names, words);
    if (!(keepRows && row.isKept)) rollUps.count(counted);
    else if (!addRow(row, names, counted)) return;
    latencies.add(row, names);
    if (row.costNanoUsd === null) return;
    accounts.addCall(row, names, row.costNanoUsd);
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
    rolledBack: () => [words, naming, blocks, ...parts].forEach((part) => part.rolledBack()),
  };
}
