export type ExportFormat = "jsonl" | "csv";

/** A page of this many calls fits the browser's memory; more goes straight to a file. */
export const mostInMemory = 50_000;

/** How an export reaches the disk. */
export type ExportWay =
  /** Written to the file as it comes, with progress. */
  | "file"
  /** Kept until it is whole, with progress. */
  | "memory"
  /** The browser's own download, with the browser's own progress. */
  | "link";

/** `rows`: null where nobody knows. `canWrite`: the browser lets the page write a file that the user picks. */
export function exportWay(rows: number | null, canWrite: boolean): ExportWay {
  if (canWrite) return "file";
  return rows !== null && rows <= mostInMemory ? "memory" : "link";
}

const lineFeed = 10;
const quote = 34;

/** Counts calls in the bytes of an export as they come: lines, those within quotes and the head of a CSV left out. */
export function rowCounter(format: ExportFormat): (bytes: Uint8Array) => number {
  let rows = format === "csv" ? -1 : 0;
  let isQuoted = false;
  return (bytes) => {
    for (const byte of bytes) {
      if (byte === quote && format === "csv") isQuoted = !isQuoted;
      else if (byte === lineFeed && !isQuoted) rows += 1;
    }
    return Math.max(0, rows);
  };
}

/** The name that the gateway gives the file, else one of ours. */
export function fileName(disposition: string | null, format: ExportFormat): string {
  const [, name] = /filename="([\w.-]{1,100})"/.exec(disposition ?? "") ?? [];
  return name ?? `calls.${format}`;
}
