import type { Database } from "bun:sqlite";
import type { Page, PageRequest } from "../../core/key-book.ts";
import type { LedgerStore, Retention } from "../../core/ledger-store.ts";
import type {
  CallFilter,
  LatencyFilter,
  LatencySpan,
  RefusalCount,
  RouteLatencies,
  RowOrder,
  SpendSum,
  SumFilter,
  SumGroup,
  TagGroup,
} from "../../core/spend.ts";
import type { CallRow } from "../../core/types.ts";
import { accountReader } from "./ledger-accounts.ts";
import { createAddedRows } from "./ledger-added-rows.ts";
import { createBlocks } from "./ledger-blocks.ts";
import { createFold } from "./ledger-fold.ts";
import { createLatencies } from "./ledger-latencies.ts";
import { createRowQueries } from "./ledger-queries.ts";
import { createRetention } from "./ledger-retention.ts";
import { ledgerMigrations } from "./ledger-schema.ts";
import { createRowRollUps } from "./ledger-roll-up-rows.ts";
import { createRefusals, createSums, createTagSums } from "./ledger-sums.ts";
import { openDatabase } from "./open.ts";

/** The ledger's database, for the thread that writes it. All of it is done when the call returns. */
export interface LedgerDatabase extends LedgerStore {
  rows(filter: CallFilter, order: RowOrder, page: PageRequest): Page<CallRow>;
  sums<Group extends SumGroup>(by: readonly Group[], filter: SumFilter): SpendSum<Group>[];
  tagSums<Group extends TagGroup>(
    by: readonly Group[],
    filter: Omit<SumFilter, "userId">,
  ): SpendSum<Group>[];
  scan(filter: CallFilter, after: string | null, size: number): CallRow[];
  latencies(by: LatencySpan, filter: LatencyFilter): RouteLatencies[];
  refusals(since: number, until: number): RefusalCount[];
  /** Checkpoints what folds wrote, once it is much, and says whether it did; none of them takes the time of both. */
  tidy(): boolean;
  /** Removes some of the rows that may go; true while there are more. */
  retainSome(retention: Retention, now: number): boolean;
  /** What was committed survives a power cut from here on. Throws where another connection is in the way. */
  secure(): void;
  close(): void;
}

/**
 * Opens the ledger and brings it up to date. Without `keepRows` calls are added up, in accounts and roll-ups, and not
 * kept one by one. Throws a `StoreError`.
 */
export function openLedger(file: string, keepRows = true): LedgerDatabase {
  return ledgerOn(openDatabase(file, ledgerMigrations, { synchronous: "NORMAL" }), keepRows);
}

/**
 * A checkpoint behind so many rows: each page that many of them share is then written once for all, and none of them
 * takes long. Behind so many pages (16 MB) a commit makes one itself, where nobody asked for it.
 */
const checkpointRows = 5_000;
const checkpointPages = 4_000;

/** The ledger on a database that has its schema. */
export function ledgerOn(database: Database, keepRows = true): LedgerDatabase {
  database.run("PRAGMA cache_size = -16000");
  database.run(`PRAGMA wal_autocheckpoint = ${checkpointPages}`);
  database.run("PRAGMA journal_size_limit = 33554432");
  const read = createAddedRows(database);
  const rollUps = createRowRollUps(database, read);
  const blocks = createBlocks(database, read);
  const sums = createSums(database);
  const tagSums = createTagSums(database);
  const retainSome = createRetention(database);
  const checkpoint = database.prepare<{ busy: number }, []>("PRAGMA wal_checkpoint(FULL)");
  const tidyUp = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  const fold = createFold(database, { rollUps, blocks }, keepRows);
  let untidy = 0;
  const forget = database.prepare("DELETE FROM segments WHERE name = ?");
  return {
    ...accountReader(database),
    fold: (segment, from, to, entries) => {
      untidy += entries.length;
      return fold(segment, from, to, entries);
    },
    tidy: () => {
      if (untidy < checkpointRows) return false;
      untidy = 0;
      tidyUp.get();
      return true;
    },
    forget: (segment) => void forget.run(segment),
    ...createRowQueries(database),
    sums: (...question) => {
      rollUps.catchUp();
      return sums(...question);
    },
    tagSums: (...question) => {
      rollUps.catchUp();
      return tagSums(...question);
    },
    latencies: createLatencies(database),
    refusals: createRefusals(database),
    retainSome: (...question) => {
      rollUps.catchUp();
      return retainSome(...question);
    },
    secure: () => {
      if (checkpoint.get()?.busy !== 0) throw new Error("another connection is in the way");
    },
    close: () => {
      database.run("PRAGMA wal_checkpoint(TRUNCATE)");
      database.close();
    },
  };
}
