import { closeSync, openSync, readSync } from "node:fs";
import { setPriority } from "node:os";
import { basename } from "node:path";
import type { JournalEntry } from "./core/journal.ts";
import { LedgerError, type LedgerTrouble, type Retention } from "./core/ledger-store.ts";
import { decodeEntries, headBytes, isOpenAt, recordEnd } from "./ledger/format.ts";
import { type LedgerDatabase, openLedger } from "./storage/sqlite/ledger-store.ts";

declare const self: Worker;

/** What the event loop may ask of this thread: it writes the ledger's database, and nobody else does. */
export type LedgerCalls = typeof calls;

export interface LedgerRequest {
  readonly id: number;
  readonly call: keyof LedgerCalls;
  readonly args: readonly unknown[];
}

export type LedgerReply =
  | { readonly id: number; readonly trouble: null; readonly value: unknown }
  | { readonly id: number; readonly trouble: LedgerTrouble; readonly message: string };

/** A transaction takes so many entries: a question waits for no more than that. */
const batchEntries = 1_000;

let ledger: LedgerDatabase | null = null;

/** Folds come one after the other; questions and retention in between. */
let folds: Promise<unknown> = Promise.resolve();

const calls = {
  open: (file: string, keepRows: boolean) => {
    stepBack();
    ledger = openLedger(file, keepRows);
  },
  fold: (path: string, end: number): Promise<number> => {
    const fold = folds.then(() => foldFile(path, end));
    folds = fold.catch(() => {});
    return fold;
  },
  secure: () => opened().secure(),
  forget: (segment: string) => opened().forget(segment),
  retain: async (retention: Retention) => {
    while (opened().retainSome(retention, Date.now())) await breath();
  },
  rows: (...args: Parameters<LedgerDatabase["rows"]>) => opened().rows(...args),
  scan: (...args: Parameters<LedgerDatabase["scan"]>) => opened().scan(...args),
  sums: (...args: Parameters<LedgerDatabase["sums"]>) => opened().sums(...args),
  tagSums: (...args: Parameters<LedgerDatabase["tagSums"]>) => opened().tagSums(...args),
  latencies: (...args: Parameters<LedgerDatabase["latencies"]>) => opened().latencies(...args),
  refusals: (...args: Parameters<LedgerDatabase["refusals"]>) => opened().refusals(...args),
  close: async () => {
    await folds;
    opened().close();
    ledger = null;
  },
};

/** Calls come first: on Linux a thread has a priority of its own, elsewhere it is the process's and stays. */
function stepBack(): void {
  if (process.platform === "linux") setPriority(0, 10);
}

self.onmessage = async ({ data }: MessageEvent<LedgerRequest>) =>
  self.postMessage(await answer(data));

async function answer({ id, call, args }: LedgerRequest): Promise<LedgerReply> {
  try {
    return { id, trouble: null, value: await Reflect.apply(calls[call], undefined, args) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, trouble: troubleOf(error), message };
  }
}

function troubleOf(error: unknown): LedgerTrouble {
  if (error instanceof LedgerError) return error.trouble;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /^(?:SQLITE_FULL|ENOSPC|EDQUOT)$/.test(code) ? "disk_full" : "failed";
}

function opened(): LedgerDatabase {
  if (ledger === null) throw new LedgerError("stopped", "the ledger is closed");
  return ledger;
}

/** Lets messages in. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function foldFile(path: string, end: number): Promise<number> {
  const segment = basename(path);
  let position = opened().position(segment);
  if (position >= end) return position;
  const file = { path, end, fd: openSync(path, "r"), chunk: emptyChunk };
  try {
    while (position < end) {
      const { entries, next } = readBatch(file, position);
      position = opened().fold(segment, position, next, entries);
      await breath();
      if (opened().tidy()) await breath();
    }
    return position;
  } finally {
    closeSync(file.fd);
  }
}

interface SegmentFile {
  readonly path: string;
  readonly end: number;
  readonly fd: number;
  chunk: Chunk;
}

/** Bytes of the file, from `start` on. */
interface Chunk {
  readonly start: number;
  readonly bytes: Buffer;
}

const emptyChunk: Chunk = { start: 0, bytes: Buffer.alloc(0) };
const chunkBytes = 1024 * 1024;

/** The next entries that say something to the store, and where the first one behind them begins. */
function readBatch(file: SegmentFile, from: number): { entries: JournalEntry[]; next: number } {
  const texts: string[] = [];
  let next = from;
  while (next < file.end && texts.length < batchEntries) {
    const end = recordEndAt(file, next);
    if (end === null) {
      if (next > from) break; // what is before the place is folded first
      throw new LedgerError("damaged", `${file.path} is damaged at byte ${next}`);
    }
    const { start, bytes } = file.chunk;
    const payload = next + headBytes - start;
    if (!isOpenAt(bytes, payload)) texts.push(bytes.toString("utf8", payload, end - start));
    next = end;
  }
  return { entries: decodeEntries(texts), next };
}

/** Where the record at `offset` ends, which is in the file's chunk then; null where there is no whole one. */
function recordEndAt(file: SegmentFile, offset: number): number | null {
  const { start, bytes } = file.chunk;
  const isIn = offset >= start && offset < start + bytes.length;
  const end = isIn ? recordEnd(bytes, offset - start) : null;
  if (typeof end === "number") return start + end;
  const isWhole = isIn && start + bytes.length >= file.end;
  if (isWhole || end === "damaged") return null;
  file.chunk = readChunk(file, offset, offset === start ? bytes.length * 2 : chunkBytes);
  return recordEndAt(file, offset);
}

function readChunk({ fd, end, path }: SegmentFile, start: number, length: number): Chunk {
  const bytes = Buffer.allocUnsafe(Math.min(Math.max(length, chunkBytes), end - start));
  let done = 0;
  while (done < bytes.length) {
    const read = readSync(fd, bytes, done, bytes.length - done, start + done);
    if (read === 0) throw new LedgerError("damaged", `${path} ends before byte ${end}`);
    done += read;
  }
  return { start, bytes };
}
