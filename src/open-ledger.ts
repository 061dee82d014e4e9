import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { RowEntry } from "./core/journal.ts";
import type { KeyRecord } from "./core/key-record.ts";
import type { LedgerWork, Retention, StoredAccounts } from "./core/ledger-store.ts";
import type { Limits } from "./core/limits.ts";
import { type NanoUsd, usdOfNano } from "./core/money.ts";
import type { SpendReader } from "./core/spend.ts";
import { StoreError } from "./core/store-error.ts";
import { Ballast } from "./ledger/ballast.ts";
import { encodeEntry } from "./ledger/format.ts";
import { Folding } from "./ledger/folding.ts";
import { Journal } from "./ledger/journal.ts";
import { LocalLedger } from "./ledger/ledger.ts";
import { Levels } from "./ledger/levels.ts";
import { Predecessor } from "./ledger/predecessor.ts";
import { DamagedSegment } from "./ledger/read-segment.ts";
import { charge, recover } from "./ledger/recover.ts";
import { type CallSeat, type LedgerRules, periodOf } from "./ledger/seat.ts";
import { listSegments } from "./ledger/segments.ts";
import type { HandoverState } from "./ledger/successor.ts";
import { type Tally, TallyBook } from "./ledger/tally.ts";
import { openLedgerWork } from "./ledger-work.ts";
import type { Log } from "./logging/log.ts";
import { livesAs, tokenOf } from "./process/data-directory.ts";
import { openAccounts } from "./storage/sqlite/ledger-accounts.ts";
import { migrateLedger } from "./storage/sqlite/ledger-schema.ts";

/** The ledger of a data directory, and how it is read. */
export interface OpenedLedger {
  readonly ledger: LocalLedger;
  readonly levels: Levels;
  readonly spend: SpendReader;
  /** Rows that were lost, because the journal could not be written for too long. */
  readonly droppedRows: () => number;
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

function predecessorOf(
  state: HandoverState,
  { journal, ...parts }: { book: TallyBook; rules: () => LedgerSettings; journal: Journal },
): Predecessor {
  const began = (tally: Tally) => journal.append(encodeEntry(periodOf(tally)));
  return new Predecessor({ ...parts, began }, state);
}

function recoverAll(folder: string, { position }: StoredAccounts, book: TallyBook) {
  try {
    const ended = listSegments(folder).filter((segment) => !livesAs(segment.owner));
    const other = ended.find(({ path }) => !statSync(path).isFile());
    if (other !== undefined) throw noFile(other.path);
    return recover(ended, position, book);
  } catch (error) {
    throw error instanceof DamagedSegment ? damaged(error) : unusable(folder, error);
  }
}

/** What another process did, folded or not: what is in memory here does not know of it. */
function absorb(
  owner: string,
  folder: string,
  parts: { readonly book: TallyBook; readonly journal: Journal; readonly log: Log },
): void {
  try {
    const segments = listSegments(folder).filter((segment) => segment.owner === owner);
    settleLost(
      recover(segments, () => 0, parts.book),
      parts,
    );
  } catch (error) {
    if (!(error instanceof DamagedSegment)) throw error;
    parts.log.error("journal_damaged", { message: damaged(error).message });
  }
}

function noFile(path: string): StoreError {
  return new StoreError(
    `The journal ${path} is no file. Move it away, and restore the file that stood there from a backup.`,
  );
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

/** What the system says of the folder or of a segment, with a remedy. */
function unusable(folder: string, error: unknown): unknown {
  if (!(error instanceof Error && "code" in error && typeof error.code === "string")) return error;
  const path = "path" in error && typeof error.path === "string" ? error.path : folder;
  const remedy = /^(?:ENOSPC|EDQUOT)$/.test(error.code)
    ? "The disk is full: make room."
    : "This user must be able to read and write the folder and the files in it, and nothing else may stand there: mend their owner and mode, or restore them from a backup.";
  return new StoreError(`The journal ${path} cannot be used (${error.code}). ${remedy}`);
}

function damaged({ path, offset }: DamagedSegment): StoreError {
  return new StoreError(
    `The journal ${path} is damaged at byte ${offset}, and more was written behind it. Restore the file from a backup, or move it away to start without the calls in it that ledger.db does not hold yet.`,
  );
}

/** Calls of the process before this one that nobody saw end: what they had on hold is what they cost. */
function settleLost(
  lost: readonly RowEntry[],
  { book, journal, log }: { book: TallyBook; journal: Journal; log: Log },
): void {
  if (lost.length === 0) return;
  for (const entry of lost) {
    charge(book, entry.row, entry.modelScopes);
    journal.append(encodeEntry(entry));
  }
  journal.flush();
  const message =
    "another process ended without seeing these calls end: what they had on hold is booked";
  log.warn("calls_lost", { calls: lost.length, message });
}

/** A write for one record costs less than a turn of the event loop, unless several records share it. */
const fewCalls = 2;

/** How often it is looked whether a predecessor still lives. */
const watchMs = 200;

/** Once the predecessor is gone, what it did not report is settled by its journal, which is this process's to fold then. */
function watchPredecessor(
  predecessor: Predecessor | null,
  owner: string | null,
  {
    folder,
    journal,
    log,
  }: { readonly folder: string; readonly journal: Journal; readonly log: Log },
): { isOver(): boolean; stop(): void } {
  if (predecessor === null || owner === null) return { isOver: () => true, stop: () => {} };
  let over = false;
  const isOver = () => {
    if (over || livesAs(owner)) return over;
    clearInterval(timer);
    const segments = listSegments(folder).filter((segment) => segment.owner === owner);
    try {
      for (const entry of predecessor.gone(segments)) journal.append(encodeEntry(entry));
    } catch (error) {
      const message = error instanceof DamagedSegment ? damaged(error).message : String(error);
      log.error("predecessor_unreadable", { message });
    }
    over = true;
    return true;
  };
  const timer = setInterval(isOver, watchMs);
  timer.unref();
  return { isOver, stop: () => clearInterval(timer) };
}

function* openTexts(seats: Iterable<CallSeat>): Iterable<string> {
  for (const { openText } of seats) if (openText !== null) yield openText;
}

/** Answers hold everything that happened before the question. */
function afterFolding(work: LedgerWork, folding: Folding, ledger: LocalLedger): SpendReader {
  const all = folding.foldAll.bind(folding);
  return {
    rows: (...question) => all().then(() => work.rows(...question)),
    sums: (...question) => all().then(() => work.sums(...question)),
    tagSums: (...question) => all().then(() => work.tagSums(...question)),
    refusals: (...question) => {
      ledger.writeCounts();
      return all().then(() => work.refusals(...question));
    },
  };
}

function tellSoftBudget(log: Log, { id, alias }: KeyRecord, spentNanoUsd: NanoUsd): void {
  log.warn("soft_budget", { key: id, alias, spent_usd: usdOfNano(spentNanoUsd) });
}

function tellJournal(log: Log, folder: string, code: string | null): void {
  if (code === null) log.info("journal_recovered", { folder });
  else {
    const message = `the journal in ${folder} cannot be written (${code}): budgeted callers are refused until it can`;
    log.error("journal_failing", { code, message });
  }
}

function tellStore(log: Log, file: string, reason: string | null): void {
  if (reason === null) log.info("ledger_recovered", { file });
  else log.error("ledger_failing", { message: `${file} cannot be written: ${reason}` });
}
