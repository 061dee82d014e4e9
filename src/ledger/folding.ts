import { rmSync, statSync } from "node:fs";
import type { LedgerWork, Retention } from "../core/ledger-store.ts";
import type { Journal } from "./journal.ts";
import { listSegments, type Segment, sizeOf } from "./segments.ts";

export interface FoldingOptions {
  readonly folder: string;
  readonly journal: Journal;
  readonly work: LedgerWork;
  /** Whether a segment of another owner is to be folded here: nobody else does. */
  readonly foldsOthers: (owner: string) => boolean;
  readonly owner: string;
  readonly retention: () => Retention;
  /** Told when folding begins to fail, with why, and with null when it works again. */
  readonly failing: (reason: string | null) => void;
  /** The disk is full, or was until now: what is folded goes at once. */
  readonly isShort?: () => boolean;
}

const everyMs = 1_000;
const retainEveryMs = 60_000;

/** How long an end may wait for the store. */
const farewellMs = 2_000;

/** The journal may become so long; then calls of budgeted callers are refused. */
const maxJournalBytes = 1024 * 1024 * 1024;

/** Rates are counted again from the journal after a restart: a segment stays while it holds the last minute, if it can. */
const keepMs = 65_000;

/** Moves the journal into the store, in the background, and removes segments that are in it. */
export class Folding {
  readonly #options: FoldingOptions;
  readonly #timer: Timer;
  readonly #positions = new Map<string, number>();
  #running: Promise<void> | null = null;
  /** Begins when `#running` ends: whoever asks meanwhile waits for the same one. */
  #next: Promise<void> | null = null;
  #failed: string | null = null;
  #bytes = 0;
  /** There are segments beside the one that is written to. */
  #others = true;
  #retainedAt = performance.now();

  constructor(options: FoldingOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#round(), everyMs);
    this.#timer.unref();
  }

  /** How long the journal is, by the last look: bytes, those of segments that are folded and still there included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The journal is as long as it may become. */
  get overlong(): boolean {
    return this.#bytes > maxJournalBytes;
  }

  /** Resolves once all that is written by now is in the store. Rejects where it cannot be. */
  foldAll(): Promise<void> {
    return (this.#next ??= this.#foldNext());
  }

  /** Folds what is left, as far as that is possible in a moment: the next start does the rest. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const { segment, size } = this.#options.journal.current;
    const isFolded = size === (this.#positions.get(segment.name) ?? 0);
    const rest = isFolded ? this.#running : this.foldAll();
    if (rest === null) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, farewellMs);
    await Promise.race([rest.catch(() => {}), late]);
    clearTimeout(timer);
  }

  async #foldNext(): Promise<void> {
    await this.#running?.catch(() => {});
    this.#next = null;
    this.#options.journal.flush();
    this.#running = this.#foldSegments().finally(() => {
      this.#running = null;
    });
    await this.#running;
  }

  async #round(): Promise<void> {
    try {
      this.#bytes = bytesOf(this.#options.folder); // here, since folding may fail, or take its time
      if (this.#running !== null || !this.#hasWork()) return;
      await this.foldAll();
      if (this.#failed !== null) this.#options.failing(null);
      this.#failed = null;
      await this.#retain();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (this.#failed !== reason) this.#options.failing(reason);
      this.#failed = reason;
    }
  }

  /** The worker sleeps while there is nothing to do. */
  #hasWork(): boolean {
    const { segment, size } = this.#options.journal.current;
    if (size > (this.#positions.get(segment.name) ?? 0)) return true;
    return this.#others || this.#failed !== null;
  }

  /**
   * Oldest first, and removed in this order too: a row may close what an older segment opened. While rows wait to be
   * written, no other owner's is removed: what they close may stand there alone. What this owner's older segments opened
   * is closed in them, or stands in the next one too; and a disk that is full may need their room.
   */
  async #foldSegments(): Promise<void> {
    const { folder, journal, work, foldsOthers, owner } = this.#options;
    let removable = true;
    let others = false;
    for (const segment of listSegments(folder)) {
      if (segment.owner !== owner && !foldsOthers(segment.owner)) {
        removable = false;
        others = true;
        continue;
      }
      const { segment: current, size } = journal.current;
      const end = segment.name === current.name ? size : sizeOf(segment.path);
      if ((this.#positions.get(segment.name) ?? -1) < end) {
        this.#positions.set(segment.name, await work.fold(segment.path, end));
      }
      if (segment.name === current.name) continue;
      const isSettled = segment.owner === owner || journal.failed === null;
      const mayGo = isOld(segment) || (this.#options.isShort?.() ?? false);
      if (!(removable &&= isSettled && mayGo)) {
        others = true;
        continue;
      }
      await work.secure();
      rmSync(segment.path, { force: true });
      this.#positions.delete(segment.name);
      await work.forget(segment.name);
    }
    this.#others = others;
  }

  async #retain(): Promise<void> {
    const retention = this.#options.retention();
    if (performance.now() - this.#retainedAt < retainEveryMs) return;
    this.#retainedAt = performance.now();
    if (retention.maxAgeMs !== null || retention.maxBytes !== null) {
      await this.#options.work.retain(retention);
    }
  }
}

/** All segments together, whoever writes them. */
function bytesOf(folder: string): number {
  return listSegments(folder).reduce((sum, { path }) => sum + sizeOf(path), 0);
}

/** By the file's own time; a clock that jumped makes it go later, or a minute's rates be forgotten. */
function isOld({ path }: Segment): boolean {
  return (
    sizeOf(path) === 0 ||
    Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > keepMs
  );
}
