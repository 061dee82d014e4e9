import type { KeyTable } from "../core/key-table.ts";
import { deepestNesting, isDeeper } from "../core/nesting.ts";
import { CsvError, readCsv } from "./csv.ts";
import { TableReader } from "./table-reader.ts";

/** Characters of a line, so that none of them takes long. */
const longestLine = 1024 * 1024;

/**
 * Reads LiteLLM's table `LiteLLM_VerificationToken`, exported as JSON lines or as CSV with a header. Columns that it
 * does not know are ignored; a value that makes no sense is a fault, and its row is left out. Yields after each line:
 * a table may have many.
 */
export function* parseKeyTable(text: string): Generator<void, KeyTable> {
  const table = new TableReader();
  const content = text.replace(/^\uFEFF/, "");
  if (/^\s*\{/.test(content)) yield* readJsonLines(content, table);
  else yield* readTable(content, table);
  return table.result();
}

function* readJsonLines(text: string, table: TableReader): Generator<void> {
  for (let at = 0, line = 1; at < text.length; line += 1) {
    const found = text.indexOf("\n", at);
    const end = found < 0 ? text.length : found;
    if (end - at > longestLine) table.fault(line, null, `has more than ${longestLine} characters`);
    else readJson(text.slice(at, end), line, table);
    at = end + 1;
    yield;
  }
}

function readJson(text: string, line: number, table: TableReader): void {
  if (text.trim() === "") return;
  const object = objectIn(text);
  if (object === null) table.fault(line, null, "is not a JSON object");
  else if (isDeeper(object, deepestNesting + 1)) {
    table.fault(line, null, `is nested more than ${deepestNesting} deep`);
  } else table.add(line, new Map(Object.entries(object)));
}

function objectIn(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function* readTable(text: string, table: TableReader): Generator<void> {
  let header: readonly string[] | null = null;
  try {
    for (const { line, cells } of readCsv(text)) {
      yield;
      if (cells.length === 1 && cells[0] === "") continue;
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
