import { existsSync } from "node:fs";
import type { Batch } from "./call-log/batch.ts";
import { createCollector } from "./call-log/collector.ts";
import type { BodyLog, BodyReader } from "./core/body-log.ts";
import { type LogThread, startLogThread } from "./log-thread.ts";
import type { LogRetention } from "./storage/sqlite/log-store.ts";

export interface BodyLogOptions {
  /** The log's database; made where it is not there. */
  readonly file: string;
  /** Asked each time, since a reload may change it. */
  readonly retention: () => LogRetention;
  /** Secrets of the configuration, to be taken out of whatever holds them. Asked for each batch. */
  readonly secrets?: () => readonly string[];
  /** Rows are being lost, and why; null once they are written again. */
  readonly troubled?: (reason: string | null) => void;
  /** A database that was of no use was moved to this place, and a fresh one begun. */
  readonly movedAside?: (place: string, reason: string) => void;
  /** What bodies may take of memory; 64 MiB. */
  readonly maxInFlightBytes?: number;
}

/** The log of bodies, for those who run the gateway. */
export interface BodyLogWork extends BodyLog, BodyReader {
  /** Calls whose bodies were lost, or cut, since memory or the disk had no room. */
  dropped(): number;
  /** Calls that are handed over, and not written yet. */
  queued(): number;
  inFlightBytes(): number;
  /** Done when what was finished before is written, or lost. Never rejects. */
  flush(): Promise<void>;
  /** Removes what may go. It does so by itself each minute. */
  retain(): Promise<void>;
  /** Writes what is left, for two seconds at most. */
  close(): Promise<void>;
}

const closeMs = 2_000;
const retainEveryMs = 60_000;

/**
 * The log of bodies: copies on this thread, everything else on one of its own, which is started when it is first
 * needed, and again where it died.
 */
export function openBodyLog(options: BodyLogOptions): BodyLogWork {
  return new LogWork(options).face;
}

class LogWork {
  readonly #options: BodyLogOptions;
  readonly #collector;
  readonly #pending = new Set<Promise<void>>();
  #thread: LogThread | null = null;
  #queued = 0;
  #lost = 0;
  #trouble: string | null = null;
  #retaining: Promise<void> | null = null;
  #isClosed = false;
  readonly #timer: Timer;

  constructor(options: BodyLogOptions) {
    this.#options = options;
    const { maxInFlightBytes } = options;
    this.#collector = createCollector({
      send: (batch) => this.#send(batch),
      ...(maxInFlightBytes === undefined ? {} : { maxInFlightBytes }),
    });
    this.#timer = setInterval(() => void this.#retain(), retainEveryMs);
    this.#timer.unref();
  }

  get face(): BodyLogWork {
    return {
      open: (call, logging) => (this.#isClosed ? null : this.#collector.open(call, logging)),
      bodies: (id) => this.#ask((thread) => thread.bodies(id)),
      search: (what) => this.#ask((thread) => thread.search(what)),
      dropped: () => this.#collector.dropped + this.#lost,
      queued: () => this.#queued,
      inFlightBytes: () => this.#collector.inFlightBytes,
      flush: () => this.#flush(),
      retain: () => this.#retain(),
      close: () => this.#close(),
    };
  }

  #running(): LogThread {
    this.#thread ??= startLogThread(this.#options.file, {
      ended: (thread) => {
        if (this.#thread === thread) this.#thread = null;
      },
      movedAside: (place, reason) => this.#options.movedAside?.(place, reason),
    });
    return this.#thread;
  }

  /** The thread takes what it is sent in its order: what was finished before is in the answer. */
  async #ask<Answer>(question: (thread: LogThread) => Promise<Answer>): Promise<Answer> {
    if (this.#isClosed) throw new Error("the log of bodies is closed");
    this.#collector.flush();
    return await question(this.#running());
  }

  #send(batch: Batch): void {
    const writing = this.#write(batch);
    this.#pending.add(writing);
    void writing.then(() => this.#pending.delete(writing));
  }

  async #write(batch: Batch): Promise<void> {
    const size = batch.memory.byteLength;
    let memory: ArrayBuffer | null = null;
    let trouble: string | null;
    this.#queued += batch.calls;
    try {
      const written = await this.#running().write(batch, this.#options.secrets?.() ?? []);
      ({ memory, trouble } = written);
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
    }
    this.#queued -= batch.calls;
    this.#collector.done(size, memory);
    if (trouble !== null) this.#lost += batch.calls;
    this.#tell(trouble);
  }

  /** Only what is new. */
  #tell(trouble: string | null): void {
    const isNews = (trouble === null) !== (this.#trouble === null);
    this.#trouble = trouble;
    if (isNews) this.#options.troubled?.(trouble);
  }

  /** Once at a time. A log that was never written to is not made for this. */
  #retain(): Promise<void> {
    if (this.#isClosed || (this.#thread === null && !existsSync(this.#options.file))) {
      return Promise.resolve();
    }
    this.#retaining ??= this.#running()
      .retain(this.#options.retention())
      .catch(() => {}) // the next write tells
      .finally(() => (this.#retaining = null));
    return this.#retaining;
  }

  async #flush(): Promise<void> {
    this.#collector.flush();
    await Promise.all(this.#pending);
  }

  async #close(): Promise<void> {
    if (this.#isClosed) return;
    this.#collector.flush();
    this.#isClosed = true;
    clearInterval(this.#timer);
    const thread = this.#thread;
    if (thread === null) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, closeMs);
    await Promise.race([thread.close().catch(() => {}), late]);
    clearTimeout(timer);
    thread.end("the log of bodies was closed");
    await this.#flush();
  }
}
