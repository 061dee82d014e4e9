/** One record of a CSV file, and the line that it begins on, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A quote that is not where it may be. */
export class CsvError extends Error {
  override readonly name = "CsvError";
  readonly line: number;

  constructor(line: number, problem: string) {
    super(problem);
    this.line = line;
  }
}

/** Characters of a record, so that none of them takes long. */
const longestRecord = 1024 * 1024;

/** Reads CSV as RFC 4180 has it, LF or CRLF; an empty line is a record of one empty cell. Throws a `CsvError`. */
export function* readCsv(text: string): Generator<CsvRecord> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const startLine = line;
    const start = at;
    const cells: string[] = [];
    for (;;) {
      const cell =
        text[at] === '"' ? quotedCell(text, at, startLine) : plainCell(text, at, startLine);
      line += cell.lines;
      at = cell.end;
      cells.push(cell.value);
      if (at - start > longestRecord) throw tooLong(startLine);
      if (text[at] !== ",") break;
      at += 1;
    }
    if (text.startsWith("\r\n", at)) at += 2;
    else if (text[at] === "\n") at += 1;
    else if (at < text.length) throw new CsvError(line, "text follows a closing quote");
    line += 1;
    yield { line: startLine, cells };
  }
}

interface Cell {
  readonly value: string;
  /** Offset of what follows: a comma, a line's end, or the text's. */
  readonly end: number;
  /** How many line ends it holds. */
  readonly lines: number;
}

function plainCell(text: string, at: number, line: number): Cell {
  let end = at;
  while (end < text.length && text[end] !== "," && text[end] !== "\n") {
    end += 1;
    if (end - at > longestRecord) throw tooLong(line);
  }
  const value = text.slice(at, end);
  const cut = text[end] !== "," && value.endsWith("\r");
  return cut ? { value: value.slice(0, -1), end: end - 1, lines: 0 } : { value, end, lines: 0 };
}

function tooLong(line: number): CsvError {
  return new CsvError(line, `has more than ${longestRecord} characters`);
}

function quotedCell(text: string, at: number, line: number): Cell {
  let end = at + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end < 0) throw new CsvError(line, "a quoted value does not end");
    if (end - at > longestRecord) throw tooLong(line);
    if (text[end + 1] !== '"') break;
    end += 2;
  }
  const raw = text.slice(at + 1, end);
  return { value: raw.replaceAll('""', '"'), end: end + 1, lines: raw.split("\n").length - 1 };
}
