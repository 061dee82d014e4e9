import { statSync } from "node:fs";
import type { RowEntry } from "./core/journal.ts";
import type { StoredAccounts } from "./core/ledger-store.ts";
import { StoreError } from "./core/store-error.ts";
import type { HoldRules } from "./ledger/admission.ts";
import { encodeEntry } from "./ledger/format.ts";
import type { Journal } from "./ledger/journal.ts";
import { Predecessor } from "./ledger/predecessor.ts";
import { DamagedSegment } from "./ledger/read-segment.ts";
import { charge, recover } from "./ledger/recover.ts";
import { periodOf } from "./ledger/seat.ts";
import { listSegments } from "./ledger/segments.ts";
import type { HandoverState } from "./ledger/successor.ts";
import type { Tally, TallyBook } from "./ledger/tally.ts";
import type { Log } from "./logging/log.ts";
import { livesAs } from "./process/data-directory.ts";

/** The predecessor's calls, from what it had in memory. */
export function predecessorOf(
  state: HandoverState,
  { journal, ...parts }: { book: TallyBook; rules: () => HoldRules; journal: Journal },
): Predecessor {
  const began = (tally: Tally) => journal.append(encodeEntry(periodOf(tally)));
  return new Predecessor({ ...parts, began }, state);
}

/** Counts what segments hold that nobody writes any more. Gives the calls that nobody saw end. Throws a `StoreError`. */
export function recoverAll(folder: string, { position }: StoredAccounts, book: TallyBook) {
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
export function absorb(
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

/** Calls of the process before this one that nobody saw end: what they had on hold is what they cost. */
export function settleLost(
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

/** How often it is looked whether a predecessor still lives. */
const watchMs = 200;

/** Once the predecessor is gone, what it did not report is settled by its journal, which is this process's to fold then. */
export function watchPredecessor(
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
      predecessor.giveUp();
    }
    over = true;
    return true;
  };
  const timer = setInterval(isOver, watchMs);
  timer.unref();
  return { isOver, stop: () => clearInterval(timer) };
}

/** What the system says of the folder or of a segment, with a remedy. */
export function unusable(folder: string, error: unknown): unknown {
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
