import type { ImportedKey } from "../core/key-book.ts";
import type { NanoUsd } from "../core/money.ts";
import { CsvError, readCsv } from "./csv.ts";
import { type Cells, TableReader } from "./table-reader.ts";

/** One key of the table. */
export interface TableRow {
  /** From 1. */
  readonly line: number;
  readonly imported: ImportedKey;
  /** What it has spent so far. */
  readonly spentNanoUsd: NanoUsd;
}

/** What cannot be taken over as it stands; never holds the value. */
export interface TableFault {
  readonly line: number;
  /** Null where it is the line as a whole. */
  readonly column: string | null;
  readonly problem: string;
}

export interface KeyTable {
  readonly rows: readonly TableRow[];
  readonly faults: readonly TableFault[];
  /** Columns with values that mean nothing here, and on how many lines. */
  readonly unused: ReadonlyMap<string, number>;
  /** Lines left out: log-ins of LiteLLM's own page. */
  readonly sessions: number;
}

/**
 * Reads LiteLLM's table `LiteLLM_VerificationToken`, exported as JSON lines or as CSV with a header. Columns that it
 * does not know are ignored; a value that makes no sense is a fault, and its row is left out.
 */
export function parseKeyTable(text: string): KeyTable {
  const table = new TableReader();
  const content = text.replace(/^\uFEFF/, "");
  if (content.trimStart().startsWith("{")) readJsonLines(content, table);
  else readTable(content, table);
  return table.result();
}

function readJsonLines(text: string, table: TableReader): void {
  text.split("\n").forEach((line, index) => {
    if (line.trim() === "") return;
    const cells = cellsOf(line);
    if (cells === null) table.fault(index + 1, null, "is not a JSON object");
    else table.add(index + 1, cells);
  });
}

function cellsOf(line: string): Cells | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    return new Map(Object.entries(value));
  } catch {
    return null;
  }
}

function readTable(text: string, table: TableReader): void {
  let header: readonly string[] | null = null;
  try {
    for (const { line, cells } of readCsv(text)) {
      if (header === null) {
        header = cells.map((name) => name.trim());
        if (!header.includes("token")) return table.fault(line, "token", "is not there");
      } else if (cells.length === header.length) {
        table.add(line, new Map(header.map((name, at) => [name, cells[at]])));
      } else {
        table.fault(line, null, `has ${cells.length} values, the header ${header.length}`);
      }
    }
    if (header === null) table.fault(1, null, "the file is empty");
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    table.fault(error.line, null, error.message);
  }
}
