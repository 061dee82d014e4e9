import type { JournalEntry } from "./journal.ts";
import type { NanoUsd } from "./money.ts";
import type { SpendReader } from "./spend.ts";

/** What an account had when the journal was last folded. */
export interface StoredAccount {
  readonly spentNanoUsd: NanoUsd;
  /** Epoch milliseconds; 0 while it has had no period. */
  readonly periodStart: number;
}

/** Which rows may go. */
export interface Retention {
  /** Rows that are older than this; null keeps them. */
  readonly maxAgeMs: number | null;
  /** The oldest rows go while what the file holds is larger; null lets it grow. */
  readonly maxBytes: number | null;
}

/** What the store says of where things stand; never waits for who writes. */
export interface StoredAccounts {
  /** How far a segment was folded: the offset of the first byte that was not. 0 for one that is not known. */
  position(segment: string): number;
  account(scope: string): StoredAccount | null;
}

/** The store behind the journal. Its rows, accounts and positions change together or not at all. */
export interface LedgerStore extends StoredAccounts {
  /**
   * One transaction: rows (one that is there already stays as it is, and costs nobody anything again), what they add
   * to their accounts (`scopesOf` and model scopes) and to the roll-ups, periods, adjustments, refusals, and the
   * position. Open entries say nothing to the store. `entries` are those between `from` and `to`; a segment that does
   * not stand at `from` is left alone. Gives its position.
   */
  fold(segment: string, from: number, to: number, entries: readonly JournalEntry[]): number;
  /** The segment's file is gone. */
  forget(segment: string): void;
}

/** The store as seen from the event loop: everything that takes time happens elsewhere. Rejects with a `LedgerError`. */
export interface LedgerWork extends SpendReader {
  /**
   * Folds a segment, given by its file's path, from its position up to `end`; resolves with the position reached.
   * Questions that come meanwhile are answered in between: who wants them to see this fold waits for it first. After a
   * failure the position is where it was, or at what was folded until then: the same call may be made again.
   */
  fold(path: string, end: number): Promise<number>;
  /** What was folded survives a power cut from here on: to be waited for before a segment's file is removed. */
  secure(): Promise<void>;
  forget(segment: string): Promise<void>;
  retain(retention: Retention): Promise<void>;
  /** Waits for the folds that were asked for, then closes the store; questions are not answered any more. */
  close(): Promise<void>;
}

/**
 * `disk_full`: again later. `damaged`: the journal cannot be read from the position on. `stopped`: the store's
 * thread died, or was closed. `failed`: everything else, the cause says what.
 */
export type LedgerTrouble = "disk_full" | "damaged" | "stopped" | "failed";

/** Why the store did not do what it was asked for. */
export class LedgerError extends Error {
  override readonly name = "LedgerError";
  readonly trouble: LedgerTrouble;

  constructor(trouble: LedgerTrouble, message: string, options?: ErrorOptions) {
    super(message, options);
    this.trouble = trouble;
  }
}
