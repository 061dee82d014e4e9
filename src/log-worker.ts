import { existsSync, statfsSync } from "node:fs";
import { setPriority } from "node:os";
import { dirname } from "node:path";
import { framesIn } from "./call-log/frame.ts";
import { seal } from "./call-log/seal.ts";
import { showFrame, wordsOf } from "./call-log/show.ts";
import type { LoggedBodies, TextSearch } from "./core/body-log.ts";
import {
  isDamaged,
  type LogDatabase,
  type LogRetention,
  openLogDatabase,
  setAside,
} from "./storage/sqlite/log-store.ts";

declare const self: Worker;

/** What the event loop may ask of this thread: it writes the log's database, and nobody else does. */
export type LogCalls = typeof calls;

export interface LogRequest {
  readonly id: number;
  readonly call: keyof LogCalls;
  readonly args: readonly unknown[];
}

export type LogReply =
  | { readonly id: number; readonly trouble: null; readonly value: unknown }
  | { readonly id: number; readonly trouble: string }
  /** A damaged database was moved away. */
  | { readonly aside: string; readonly reason: string };

/** What became of a batch: its memory comes back, whatever it was. */
export interface Written {
  readonly memory: ArrayBuffer;
  /** Why it was not written, or null. */
  readonly trouble: string | null;
}

/**
 * Indexing takes one part in so many of the time: little while calls come, more where it is far behind, half while none
 * come. A rush is thus indexed when it is over.
 */
const shares = { busy: 250, behind: 10, idle: 2 } as const;
const behindMs = 600_000;
const idleAfterMs = 1_000;

/** What comes one by one is gathered for so long before it is indexed. */
const gatherMs = 500;

/** How long a question waits for the index to catch up; what came before a longer rush is found later. */
const catchUpMs = 2_000;

let file = "";
let log: LogDatabase | null = null;
let lastWrite = 0;
let indexing: Timer | null = null;

const calls = {
  open: (path: string): void => {
    if (process.platform === "linux") setPriority(0, 10); // calls come first
    file = path;
  },
  write: (memory: ArrayBuffer, bytes: number, secrets: readonly string[]): Written => {
    try {
      const short = shortOfRoom();
      if (short !== null) return { memory, trouble: short };
      const frames = seal(Buffer.from(memory, 0, bytes), secrets);
      guarded((opened) => opened.write(frames, Date.now()));
      lastWrite = performance.now();
      indexing ??= setTimeout(indexSome, gatherMs);
      return { memory, trouble: null };
    } catch (error) {
      return { memory, trouble: textOf(error) };
    }
  },
  bodies: (id: string): LoggedBodies | null => {
    const pack = guarded((opened) => opened.packHolding(id));
    if (pack === null) return null;
    for (const frame of framesIn(pack)) if (frame.id === id) return showFrame(frame);
    return null;
  },
  search: async (what: TextSearch): Promise<readonly string[]> => {
    const end = performance.now() + catchUpMs;
    while (guarded((opened) => opened.indexSome()) !== null && performance.now() < end) {
      await breath();
    }
    return guarded((opened) => opened.search(what));
  },
  retain: async (retention: LogRetention): Promise<void> => {
    while (guarded((opened) => opened.retainSome(retention, Date.now()))) await breath();
  },
  close: (): void => {
    if (indexing !== null) clearTimeout(indexing);
    log?.close();
    log = null;
  },
};

/** So much of the disk is left to money: the journal, and the ledger. */
const reserve = { bytes: 64 * 1024 * 1024, share: 0.05, mostShare: 0.25 } as const;
const lookEveryMs = 1_000;

let lookedAt = -lookEveryMs;
let roomTrouble: string | null = null;

/** Why nothing more is to be written, or null; asked of the disk once a second. */
function shortOfRoom(): string | null {
  const now = performance.now();
  if (now - lookedAt >= lookEveryMs) {
    lookedAt = now;
    roomTrouble = roomTroubleOf(dirname(file));
  }
  return roomTrouble;
}

/** A place that cannot be asked is told of by the write. */
function roomTroubleOf(folder: string): string | null {
  if (!existsSync(folder)) return null;
  const { bavail, blocks, bsize } = statfsSync(folder);
  const size = blocks * bsize;
  const kept = Math.min(Math.max(reserve.bytes, size * reserve.share), size * reserve.mostShare);
  const left = bavail * bsize;
  if (left > kept) return null;
  return `${Math.round(left / 1e6)} MB are left on the disk, and are kept for the ledger`;
}

self.onmessage = async ({ data }: MessageEvent<LogRequest>) => {
  const reply = await answer(data);
  const { value } = { value: null, ...reply };
  self.postMessage(reply, isWritten(value) ? [value.memory] : []);
};

async function answer({ id, call, args }: LogRequest): Promise<LogReply> {
  try {
    return { id, trouble: null, value: await Reflect.apply(calls[call], undefined, args) };
  } catch (error) {
    return { id, trouble: textOf(error) };
  }
}

function isWritten(value: unknown): value is Written {
  return value instanceof Object && "memory" in value && value.memory instanceof ArrayBuffer;
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? `${error.message} (${String(error.code)})` : error.message;
}

/** Does something with the database. A damaged one is moved away, and it is done with a fresh one. */
function guarded<Result>(work: (opened: LogDatabase) => Result): Result {
  try {
    return work((log ??= openLogDatabase(file, wordsIn)));
  } catch (error) {
    if (!isDamaged(error)) throw error;
    drop();
    const reply: LogReply = { aside: setAside(file, Date.now()), reason: textOf(error) };
    self.postMessage(reply);
    return work((log = openLogDatabase(file, wordsIn)));
  }
}

function drop(): void {
  try {
    log?.close();
  } catch {
    // It is damaged: nothing of it is to be saved.
  }
  log = null;
}

function wordsIn(pack: Buffer): string[] {
  return [...framesIn(pack)].map(wordsOf);
}

/** Brings the index up to date a step at a time, with rests. A failure is told by the next write or question. */
function indexSome(): void {
  const start = performance.now();
  indexing = null;
  let oldest: number | null;
  try {
    oldest = guarded((opened) => opened.indexSome());
  } catch {
    return;
  }
  if (oldest === null) return;
  const now = performance.now();
  indexing = setTimeout(indexSome, (now - start) * (shareFor(now, oldest) - 1));
}

function shareFor(now: number, oldest: number): number {
  if (now - lastWrite > idleAfterMs) return shares.idle;
  return Date.now() - oldest > behindMs ? shares.behind : shares.busy;
}

/** Lets messages in. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
