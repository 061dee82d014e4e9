import { api } from "../../api.ts";
import type { Query } from "../../query.ts";
import { type ExportFormat, fileName, rowCounter } from "./export-rows.ts";

interface FileSink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

interface PickedFile {
  createWritable(): Promise<FileSink>;
}

declare global {
  interface Window {
    /** Chromium's, on TLS and on loopback. */
    showSaveFilePicker?: (options: { suggestedName: string }) => Promise<PickedFile>;
  }
}

export interface SaveOptions {
  readonly query: Query;
  readonly format: ExportFormat;
  readonly signal: AbortSignal;
  /** Told how many calls have come. */
  readonly onRows: (rows: number) => void;
}

export const exportPath = "/spend/logs/export";

export function canWriteFiles(): boolean {
  return window.showSaveFilePicker !== undefined;
}

/** Asks for a file and writes the export into it as it comes; false where the user picks none. */
export async function saveToFile(options: SaveOptions): Promise<boolean> {
  const suggestedName = fileName(null, options.format);
  let sink: FileSink;
  try {
    const file = await window.showSaveFilePicker?.({ suggestedName });
    if (file === undefined) return false;
    sink = await file.createWritable();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return false;
    throw error;
  }
  try {
    await read(options, (bytes) => sink.write(bytes));
    await sink.close();
    return true;
  } catch (error) {
    await sink.abort().catch(() => {}); // what was written so far is no whole file
    throw error;
  }
}

/** Keeps the export until it is whole, then hands it to the browser's downloads. */
export async function saveFromMemory(options: SaveOptions): Promise<void> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const disposition = await read(options, (bytes) => void parts.push(bytes));
  const url = URL.createObjectURL(new Blob(parts));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName(disposition, options.format);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Gives what the reply says of the file's name. */
async function read(
  { query, format, signal, onRows }: SaveOptions,
  take: (bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>,
): Promise<string | null> {
  const response = await api.raw(exportPath, { query: { ...query, format }, signal });
  const count = rowCounter(format);
  const reader = response.body?.getReader();
  let shownAt = 0;
  let rows = 0;
  for (;;) {
    const part = await reader?.read();
    if (part === undefined || part.done) break;
    rows = count(part.value);
    await take(part.value);
    if (performance.now() - shownAt < 100) continue;
    shownAt = performance.now();
    onRows(rows);
  }
  onRows(rows);
  return response.headers.get("content-disposition");
}
