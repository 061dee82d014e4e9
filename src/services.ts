import { resolve } from "node:path";
import type { KeyBook } from "./core/key-book.ts";
import type { LedgerWork, Retention } from "./core/ledger-store.ts";
import type { Limits } from "./core/limits.ts";
import type { SpendReader } from "./core/spend.ts";
import { StoreError } from "./core/store-error.ts";
import { openKeyBook } from "./keys/key-book.ts";
import { digesterOf } from "./keys/pepper.ts";
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
import { TallyBook } from "./ledger/tally.ts";
import { openLedgerWork } from "./ledger-work.ts";
import { causeText } from "./logging/cause-text.ts";
import type { Log } from "./logging/log.ts";
import { livesAs, tokenOf } from "./process/data-directory.ts";
import { openKeyStore } from "./storage/sqlite/key-store.ts";
import { openAccounts } from "./storage/sqlite/ledger-accounts.ts";
import { migrateLedger } from "./storage/sqlite/ledger-schema.ts";

/** What outlives a reload: keys, counters, journal and store. */
export interface Services {
  readonly keys: KeyBook;
  readonly ledger: LocalLedger;
  readonly levels: Levels;
  readonly spend: SpendReader;
  /** Rows that were lost, because the journal could not be written for too long. */
  readonly droppedRows: () => number;
  /** The process that this one takes over from, while it lives; else null. */
  readonly predecessor: Predecessor | null;
  /** Writes what is left. */
  close(): Promise<void>;
}

/** Settings that a reload may change, asked for when they are needed. */
export interface ServiceRules extends LedgerRules {
  readonly everybody: Limits;
  readonly retention: Retention;
}

export interface ServiceOptions {
  readonly dataDirectory: string;
  /** Of keys, teams and the audit log, relative to the data directory. */
  readonly databaseFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly rules: () => ServiceRules;
  readonly syncEveryTurn: boolean;
  readonly keepRows: boolean;
  /** In a takeover: which process had the directory, and what it had in memory. */
  readonly handover: { readonly owner: string; readonly state: HandoverState } | null;
}

/** How soon a change that another process made to keys is seen, at the latest. */
const refreshMs = 500;

/** How often it is looked whether a predecessor still lives. */
const watchMs = 200;

/** Opens the data directory's files, and counts what the journal holds beyond the store. Throws a `StoreError`. */
export function openServices(options: ServiceOptions): Services {
  const { dataDirectory, log, rules, handover } = options;
  const keys = openKeys(options);
  const file = resolve(dataDirectory, "ledger.db");
  const folder = resolve(dataDirectory, "journal");
  migrateLedger(file);
  const accounts = openAccounts(file);
  const book = new TallyBook((scope) => accounts.account(scope));
  const owner = tokenOf(process.pid);
  const lost = handover === null ? recoverAll(folder, accounts.position, book) : [];

  const seats = new Set<CallSeat>();
  const journal = new Journal({
    folder,
    owner,
    syncEveryTurn: options.syncEveryTurn,
    carryOver: () => openTexts(seats),
    failing: (code) => tellJournal(log, folder, code),
  });
  for (const entry of lost) {
    charge(book, entry.row, entry.modelScopes);
    journal.append(encodeEntry(entry));
  }
  journal.flush();
  if (lost.length > 0) log.warn("calls_lost", { calls: lost.length, message: lostCalls });

  const predecessor =
    handover === null
      ? null
      : new Predecessor(
          { book, rules, began: (tally) => journal.append(encodeEntry(periodOf(tally))) },
          handover.state,
        );
  let predecessorOwner = handover?.owner ?? null;
  const work = openLedgerWork({ file, keepRows: options.keepRows });
  const folding = new Folding({
    folder,
    journal,
    work,
    owner,
    foldsOthers: (segmentOwner) => predecessorOwner === null && !livesAs(segmentOwner),
    retention: () => rules().retention,
    failing: (reason) => tellStore(log, file, reason),
  });
  const watch = setInterval(() => {
    if (predecessor === null || predecessorOwner === null || livesAs(predecessorOwner)) return;
    const segments = listSegments(folder).filter((segment) => segment.owner === predecessorOwner);
    for (const entry of predecessor.gone(segments)) journal.append(encodeEntry(entry));
    predecessorOwner = null;
    clearInterval(watch);
  }, watchMs);
  watch.unref();
  if (predecessor === null) clearInterval(watch);

  const levels = new Levels(book, () => rules().everybody);
  const overlong = () => folding.overlong;
  const ledger = new LocalLedger({ book, levels, journal, seats, rules, overlong });
  const refresh = setInterval(() => keys.refresh(), refreshMs);
  refresh.unref();
  return {
    keys,
    ledger,
    levels,
    spend: afterFolding(work, folding),
    droppedRows: () => journal.dropped,
    predecessor,
    close: async () => {
      clearInterval(refresh);
      clearInterval(watch);
      ledger.close();
      await folding.close();
      await work.close().catch(() => {}); // what it did not fold, the next start does
      accounts.close();
      keys.close();
    },
  };
}

function openKeys({ dataDirectory, databaseFile, env, log }: ServiceOptions): KeyBook {
  const store = openKeyStore(resolve(dataDirectory, databaseFile));
  const digester = digesterOf(store, dataDirectory, env);
  const onFault = (error: unknown) => log.warn("key_not_upgraded", { cause: causeText(error) });
  return openKeyBook({ store, digester, onFault });
}

function recoverAll(folder: string, position: (segment: string) => number, book: TallyBook) {
  const ended = listSegments(folder).filter((segment) => !livesAs(segment.owner));
  try {
    return recover(ended, position, book);
  } catch (error) {
    throw error instanceof DamagedSegment ? damaged(error) : error;
  }
}

function damaged({ path, offset }: DamagedSegment): StoreError {
  return new StoreError(
    `The journal ${path} is damaged at byte ${offset}, and more was written behind it. Restore the file from a backup, or move it away to start without the calls in it that ledger.db does not hold yet.`,
  );
}

function* openTexts(seats: Iterable<CallSeat>): Iterable<string> {
  for (const { openText } of seats) if (openText !== null) yield openText;
}

const lostCalls =
  "the process before this one ended without seeing these calls end: what they had on hold is booked";

/** Answers hold everything that happened before the question. */
function afterFolding(work: LedgerWork, folding: Folding): SpendReader {
  const all = folding.foldAll.bind(folding);
  return {
    rows: (...question) => all().then(() => work.rows(...question)),
    sums: (...question) => all().then(() => work.sums(...question)),
    tagSums: (...question) => all().then(() => work.tagSums(...question)),
    refusals: (...question) => all().then(() => work.refusals(...question)),
  };
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
