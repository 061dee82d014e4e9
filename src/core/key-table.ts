import type { ImportedKey } from "./key-book.ts";
import type { NanoUsd } from "./money.ts";

/** One key of an exported table. */
export interface TableRow {
  /** From 1. */
  readonly line: number;
  readonly imported: ImportedKey;
  /** What it has spent so far. */
  readonly spentNanoUsd: NanoUsd;
}

/** Something in a table that cannot be taken over; of its values it holds taken aliases alone. */
export interface TableFault {
  /** From 1. */
  readonly line: number;
  /** Null where it is the line as a whole. */
  readonly column: string | null;
  readonly problem: string;
}

/** A table of keys as it was read. */
export interface KeyTable {
  readonly rows: readonly TableRow[];
  /** The first of them; `moreFaults` says how many there are beside. */
  readonly faults: readonly TableFault[];
  readonly moreFaults: number;
  /** Columns with values that mean nothing here, and on how many lines. */
  readonly unused: ReadonlyMap<string, number>;
  /** Lines left out: log-ins of LiteLLM's own page. */
  readonly sessions: number;
}
