import { resolve } from "node:path";
import type { LedgerWork, Retention } from "./core/ledger-store.ts";
import type { Limits } from "./core/limits.ts";
import type { SpendReader } from "./core/spend.ts";
import { Ballast } from "./ledger/ballast.ts";
import { Folding } from "./ledger/folding.ts";
import { Journal } from "./ledger/journal.ts";
import { LocalLedger } from "./ledger/ledger.ts";
import { Levels } from "./ledger/levels.ts";
import type { Predecessor } from "./ledger/predecessor.ts";
import type { CallSeat, LedgerRules } from "./ledger/seat.ts";
import type { HandoverState } from "./ledger/successor.ts";
import { TallyBook } from "./ledger/tally.ts";
import { tellJournal, tellSoftBudget, tellStore } from "./ledger-news.ts";
import { openLedgerWork } from "./ledger-work.ts";
import type { Log } from "./logging/log.ts";
import { livesAs, tokenOf } from "./process/data-directory.ts";
import {
  absorb,
  predecessorOf,
  recoverAll,
  settleLost,
  unusable,
  watchPredecessor,
} from "./recover-ledger.ts";
import { openAccounts } from "./storage/sqlite/ledger-accounts.ts";
import { migrateLedger } from "./storage/sqlite/ledger-schema.ts";

/** The ledger of a data directory, and how it is read. */
export interface OpenedLedger {
  readonly ledger: LocalLedger;
  readonly levels: Levels;
  readonly spend: SpendReader;
  /** Rows that were lost, because the journal could not be written for too long. */
  readonly droppedRows: () => number;
  /** Of the journal, by the last look. */
  readonly journalBytes: () => number;
  /** The process that this one took over from; else null. */
  readonly predecessor: Predecessor | null;
  /** There is none, or it is gone and its last calls are settled. */
  readonly predecessorIsOver: () => boolean;
  /** Counts what a successor did, which is gone; with what it had on hold. */
  readonly absorb: (owner: string) => void;
  /** Writes what is left. */
  close(): Promise<void>;
}

/** Settings that a reload may change, asked for when they are needed. */
export interface LedgerSettings extends LedgerRules {
  readonly everybody: Limits;
  readonly retention: Retention;
}

export interface LedgerOptions {
  readonly dataDirectory: string;
  readonly log: Log;
  readonly rules: () => LedgerSettings;
  readonly syncEveryTurn: boolean;
  readonly keepRows: boolean;
  /** In a takeover: which process had the directory, and what it had in memory. */
  readonly handover: { readonly owner: string; readonly state: HandoverState } | null;
}

/** Opens journal and store, and counts what the journal holds beyond the store. Throws a `StoreError`. */
export function openLedger(options: LedgerOptions): OpenedLedger {
  const { dataDirectory, log, rules, handover } = options;
  const file = resolve(dataDirectory, "ledger.db");
  const folder = resolve(dataDirectory, "journal");
  migrateLedger(file);
  const accounts = openAccounts(file);
  const book = new TallyBook((scope) => accounts.account(scope));
  const lost = handover === null ? recoverAll(folder, accounts, book) : [];

  const seats = new Set<CallSeat>();
  const owner = tokenOf(process.pid);
  const ballast = new Ballast({
    file: resolve(dataDirectory, "ballast"),
    givenUp: () => void folding.foldAll().catch(() => {}), // before the journal has taken the room
  });
  const journal = openJournal(options, owner, { folder, seats, ballast });
  settleLost(lost, { book, journal, log });

  const predecessor = handover && predecessorOf(handover.state, { book, rules, journal });
  const watch = watchPredecessor(predecessor, handover?.owner ?? null, { folder, journal, log });

  const work = openLedgerWork({ file, keepRows: options.keepRows });
  const folding = new Folding({
    folder,
    journal,
    work,
    owner,
    foldsOthers: (other) => watch.isOver() && !livesAs(other),
    retention: () => rules().retention,
    failing: (reason) => {
      ballast.trouble("store", reason);
      tellStore(log, file, reason);
    },
    isShort: () => ballast.isGivenUp,
  });
  const levels = new Levels(book, () => rules().everybody);
  const overlong = () => folding.overlong;
  const softBudgetReached = tellSoftBudget.bind(null, log);
  const parts = { book, levels, journal, seats, rules, overlong, softBudgetReached };
  const ledger = new LocalLedger(parts);
  return {
    ledger,
    levels,
    spend: afterFolding(work, folding, ledger),
    droppedRows: () => journal.dropped,
    journalBytes: () => folding.bytes,
    predecessor,
    predecessorIsOver: watch.isOver,
    absorb: (other) => absorb(other, folder, { book, journal, log }),
    close: async () => {
      watch.stop();
      ballast.close();
      ledger.close();
      await folding.close();
      accounts.close(); // first: who closes last takes the write-ahead log in
      await work.close().catch(() => {}); // what it did not fold, the next start does
    },
  };
}

function openJournal(
  { log, syncEveryTurn }: LedgerOptions,
  owner: string,
  { folder, seats, ballast }: { folder: string; seats: Set<CallSeat>; ballast: Ballast },
): Journal {
  const failing = (code: string | null) => {
    ballast.trouble("journal", code);
    tellJournal(log, folder, code);
  };
  const carryOver = () => openTexts(seats);
  const isQuiet = () => seats.size <= fewCalls;
  try {
    return new Journal({ folder, owner, syncEveryTurn, carryOver, isQuiet, failing });
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** A write for one record costs less than a turn of the event loop, unless several records share it. */
const fewCalls = 2;

function* openTexts(seats: Iterable<CallSeat>): Iterable<string> {
  for (const { openText } of seats) if (openText !== null) yield openText;
}

/** Answers hold everything that happened before the question. */
function afterFolding(work: LedgerWork, folding: Folding, ledger: LocalLedger): SpendReader {
  const all = folding.foldAll.bind(folding);
  return {
    rows: (...question) => all().then(() => work.rows(...question)),
    sums: (...question) => all().then(() => work.sums(...question)),
    scan: (...question) => all().then(() => work.scan(...question)),
    latencies: (...question) => all().then(() => work.latencies(...question)),
    tagSums: (...question) => all().then(() => work.tagSums(...question)),
    refusals: (...question) => {
      ledger.writeCounts();
      return all().then(() => work.refusals(...question));
    },
  };
}
