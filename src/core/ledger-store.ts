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
  /** The oldest rows go while the file is larger; null lets it grow. */
  readonly maxBytes: number | null;
}

/** The store behind the journal. Its rows, accounts and positions change together or not at all. */
export interface LedgerStore {
  /** How far a segment was folded: the offset of the first byte that was not. 0 for one that is not known. */
  position(segment: string): number;
  account(scope: string): StoredAccount | null;
  /**
   * One transaction: rows (one that is there already stays as it is, and costs nobody anything again), what they add
   * to their accounts (`scopesOf` and model scopes) and to the roll-ups, periods, adjustments, refusals, and the
   * position. Open entries say nothing to the store.
   */
  fold(segment: string, position: number, entries: readonly JournalEntry[]): void;
  /** The segment's file is gone. */
  forget(segment: string): void;
}

/** The store as seen from the event loop: everything that takes time happens elsewhere. */
export interface LedgerWork extends SpendReader {
  /** Folds a segment's file from its position up to `end`; resolves with the position reached. */
  fold(segment: string, end: number): Promise<number>;
  forget(segment: string): Promise<void>;
  retain(retention: Retention): Promise<void>;
  close(): Promise<void>;
}
