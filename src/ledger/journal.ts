import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  rmSync,
  writeSync,
} from "node:fs";
import { putRecord, roomFor } from "./format.ts";
import { nextSegment, type Segment } from "./segments.ts";

export interface JournalOptions {
  readonly folder: string;
  /** `<pid>-<when the process started>`: nobody else touches the segments of a living owner. */
  readonly owner: string;
  /** fdatasync after every write, not every 100 ms: a power cut then takes nothing. */
  readonly syncEveryTurn: boolean;
  /** So few calls are under way that a record which is waited for is written at once: none would join it. */
  readonly isQuiet: () => boolean;
  /** Records that a new segment has to begin with: those of calls under way. */
  readonly carryOver: () => Iterable<string>;
  /** Told when writing begins to fail, with the system's code, and with null when it works again. */
  readonly failing: (code: string | null) => void;
}

const yes = Promise.resolve(true);
const no = Promise.resolve(false);

/** A new segment is begun behind so many bytes. */
const segmentBytes = 16 * 1024 * 1024;

/** What waits while nothing can be written, at most; records that come on top are dropped and counted. */
const maxWaitingBytes = 4 * 1024 * 1024;

const usualBytes = 256 * 1024;
const syncMs = 100;
const retryMs = 500;

/**
 * Appends records to the newest segment: one write for each turn of the event loop. What was written survives the
 * process; a power cut takes at most the last 100 ms. While writing fails, records wait, and the attempt is made again.
 */
export class Journal {
  readonly #options: JournalOptions;
  #segment: Segment;
  #fd: number;
  /** Bytes of the segment that hold whole records. */
  #size = 0;
  #rotateBehind = segmentBytes;
  #waiting = Buffer.allocUnsafe(usualBytes);
  #used = 0;
  /** For those who wait for this turn's end; made when the first one asks. */
  #turn: PromiseWithResolvers<boolean> | null = null;
  /** What waits will be written, or has been, when this turn ends. */
  #begun = false;
  #failed: string | null = null;
  /** Behind `#size` stands a part of a record, which could not be taken back. */
  #torn = false;
  #closed = false;
  /** Runs while writing fails: no attempt is made before its end. */
  #retry: Timer | null = null;
  #sync: Timer | null = null;
  #syncing = false;
  #syncFailed = false;
  #dropped = 0;
  #lastWrite = 0;

  /** Begins a segment of its own. Throws the system's error where it cannot. */
  constructor(options: JournalOptions) {
    this.#options = options;
    this.#segment = nextSegment(options.folder, options.owner);
    this.#fd = openSync(this.#segment.path, "ax", 0o600);
  }

  /** The segment that is written to, and how far it is. */
  get current(): { readonly segment: Segment; readonly size: number } {
    return { segment: this.#segment, size: this.#size };
  }

  /** The system's code while writing fails, else null. */
  get failed(): string | null {
    return this.#failed;
  }

  /** Records that were lost, because nothing could be written for too long. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes a record; it is written at the end of this turn. */
  append(text: string): void {
    const room = this.#used + roomFor(text);
    if (this.#closed || (room > maxWaitingBytes && this.#failed !== null)) {
      this.#dropped += 1;
      return;
    }
    this.#put(text);
    if (!this.#begun) this.#begin();
  }

  /** Resolves once what was appended so far is written; with false where it could not be. */
  written(): Promise<boolean> {
    if (this.#used > 0 && this.#failed === null && !this.#closed) {
      if (this.#turn !== null || !this.#options.isQuiet()) {
        return (this.#turn ??= Promise.withResolvers()).promise;
      }
      this.#write();
    }
    return this.#failed === null && !this.#closed ? yes : no;
  }

  /** Writes now what was appended so far. */
  flush(): void {
    const turn = this.#turn;
    this.#turn = null;
    this.#write();
    turn?.resolve(this.#failed === null);
  }

  /** Writes, syncs and closes; the segment's owner is done with it. Records that come later are dropped and counted. */
  close(): void {
    if (this.#closed) return;
    this.#stopRetry(); // so that one more attempt is made
    this.flush();
    this.#stopRetry();
    if (this.#sync !== null) clearTimeout(this.#sync);
    this.#sync = null;
    this.#closed = true;
    try {
      if (this.#failed === null) fdatasyncSync(this.#fd);
    } finally {
      closeSync(this.#fd);
      if (this.#size === 0) rmSync(this.#segment.path, { force: true });
    }
  }

  #begin(): void {
    this.#begun = true;
    if (this.#options.isQuiet()) queueMicrotask(this.#afterQuiet);
    else setImmediate(this.#endTurn);
  }

  /** A turn of the event loop costs more than a write: it is waited for only where something still waits. */
  readonly #afterQuiet = () => {
    if (this.#used > 0) setImmediate(this.#endTurn);
    else this.#begun = false;
  };

  readonly #endTurn = () => {
    this.#begun = false;
    if (this.#used > 0 || this.#turn !== null) this.flush();
  };

  #put(text: string): void {
    const room = this.#used + roomFor(text);
    if (room > this.#waiting.length) this.#grow(room);
    this.#used = putRecord(this.#waiting, this.#used, text);
  }

  #grow(room: number): void {
    const larger = Buffer.allocUnsafe(Math.max(room, this.#waiting.length * 2));
    this.#waiting.copy(larger, 0, 0, this.#used);
    this.#waiting = larger;
  }

  #write(): void {
    if (this.#used === 0 || this.#closed || this.#retry !== null) return;
    try {
      if (this.#torn) ftruncateSync(this.#fd, this.#size);
      this.#torn = false;
      this.#writeTo(this.#fd);
      this.#size += this.#used;
      this.#used = 0;
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#lastWrite = performance.now();
    this.#recovered();
    this.#syncSoon();
    if (this.#size > this.#rotateBehind) this.#rotate();
  }

  /** All that waits. */
  #writeTo(fd: number): void {
    let done = 0;
    while (done < this.#used) done += writeSync(fd, this.#waiting, done, this.#used - done);
    if (this.#options.syncEveryTurn) fdatasyncSync(fd);
  }

  /** What was written in part is taken back: the segment ends with a whole record. */
  #fail(error: unknown): void {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    try {
      ftruncateSync(this.#fd, this.#size);
    } catch {
      this.#torn = true; // the next attempt begins with it, or a start does
    }
    if (this.#failed === null) this.#options.failing(code);
    this.#failed = code;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.flush();
    }, retryMs);
    this.#retry.unref();
  }

  #stopRetry(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
  }

  #recovered(): void {
    if (this.#failed === null) return;
    this.#failed = null;
    if (this.#waiting.length > usualBytes) this.#waiting = Buffer.allocUnsafe(usualBytes);
    this.#options.failing(null);
  }

  #syncSoon(): void {
    if (this.#options.syncEveryTurn || this.#syncing || this.#sync !== null) return;
    this.#sync = setTimeout(() => {
      this.#sync = null;
      this.#syncing = true;
      const from = this.#lastWrite;
      fdatasync(this.#fd, (error) => {
        this.#syncing = false;
        if (this.#closed) return;
        this.#synced(error === null ? null : (error.code ?? "unknown"));
        if (this.#lastWrite > from) this.#syncSoon();
      });
    }, syncMs);
  }

  #synced(code: string | null): void {
    if (this.#syncFailed === (code !== null)) return;
    this.#syncFailed = code !== null;
    if (this.#failed === null) this.#options.failing(code);
  }

  /**
   * The old segment stays until it is folded; whoever reads it needs nothing of the new one to know what it says. Where
   * no new one can be begun, with all that it has to begin with, the old one is written on.
   */
  #rotate(): void {
    const begun = this.#beginSegment();
    if (begun === null) {
      this.#rotateBehind = this.#size + usualBytes;
      return;
    }
    const old = this.#fd;
    fdatasync(old, () => closeSync(old));
    this.#segment = begun.segment;
    this.#fd = begun.fd;
    this.#size = this.#used;
    this.#used = 0;
    this.#rotateBehind = this.#size + segmentBytes;
  }

  /** Null, and nothing left of it, where it could not be written. */
  #beginSegment(): { readonly segment: Segment; readonly fd: number } | null {
    let path: string | null = null;
    let fd: number | null = null;
    try {
      const segment = nextSegment(this.#options.folder, this.#options.owner);
      fd = openSync(segment.path, "ax", 0o600);
      path = segment.path;
      for (const text of this.#options.carryOver()) this.#put(text);
      this.#writeTo(fd);
      return { segment, fd };
    } catch {
      this.#used = 0;
      if (fd !== null) closeSync(fd);
      if (path !== null) rmSync(path, { force: true });
      return null;
    }
  }
}
