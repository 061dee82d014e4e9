import { LedgerError, type LedgerWork } from "./core/ledger-store.ts";
import type { LedgerCalls, LedgerReply, LedgerRequest } from "./ledger-worker.ts";

export interface LedgerWorkOptions {
  /** The ledger's database; has to be migrated. */
  readonly file: string;
  /** Calls are kept one by one, and not only added up. */
  readonly keepRows: boolean;
  /** Told when the thread died; the next call starts another one. */
  readonly failed?: (error: LedgerError) => void;
}

/**
 * The ledger's store in a thread of its own, which is started when it is first needed. It keeps the process alive
 * only while somebody waits for it.
 */
export function openLedgerWork(options: LedgerWorkOptions): LedgerWork {
  let thread: Thread | null = null;
  let isClosed = false;
  const ended = (ending: Thread, error: LedgerError | null) => {
    if (thread === ending) thread = null;
    if (error !== null) options.failed?.(error);
  };
  const ask = async (call: keyof LedgerCalls, ...args: readonly unknown[]) => {
    if (isClosed) throw new LedgerError("stopped", "the ledger is closed");
    thread ??= startThread(options, ended);
    return await thread.ask(call, args);
  };
  return {
    fold: (...args) => ask("fold", ...args),
    secure: () => ask("secure"),
    forget: (...args) => ask("forget", ...args),
    retain: (...args) => ask("retain", ...args),
    rows: (...args) => ask("rows", ...args),
    scan: (...args) => ask("scan", ...args),
    sums: (...args) => ask("sums", ...args),
    tagSums: (...args) => ask("tagSums", ...args),
    latencies: (...args) => ask("latencies", ...args),
    refusals: (...args) => ask("refusals", ...args),
    close: async () => {
      const last = thread;
      const closing = last === null || isClosed ? null : ask("close");
      isClosed = true;
      try {
        await closing;
      } finally {
        last?.end(new LedgerError("stopped", "the ledger was closed"));
      }
    },
  };
}

interface Thread {
  ask(call: keyof LedgerCalls, args: readonly unknown[]): Promise<never>;
  /** Ends it; what waits for it is rejected. */
  end(error: LedgerError): void;
}

/** Methods, so that every promise's own functions fit in: the reply to a call is of the call's type. */
interface Waiting {
  resolve(value: unknown): void;
  reject(error: LedgerError): void;
}

function startThread(
  { file, keepRows }: LedgerWorkOptions,
  ended: (thread: Thread, error: LedgerError | null) => void,
): Thread {
  const worker = new Worker(new URL("./ledger-worker.ts", import.meta.url).href, { ref: false });
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let isEnded = false;

  const end = (error: LedgerError, isDeath = false) => {
    if (isEnded) return;
    isEnded = true;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    worker.terminate();
    ended(thread, isDeath ? error : null);
  };
  const post = (call: keyof LedgerCalls, args: readonly unknown[]) =>
    new Promise<never>((resolve, reject) => {
      const request: LedgerRequest = { id: ++last, call, args };
      if (waiting.size === 0) worker.ref();
      waiting.set(request.id, { resolve, reject });
      worker.postMessage(request);
    });

  worker.onmessage = ({ data }: MessageEvent<LedgerReply>) => {
    const asker = waiting.get(data.id);
    waiting.delete(data.id);
    if (waiting.size === 0) worker.unref();
    if (data.trouble === null) asker?.resolve(data.value);
    else asker?.reject(new LedgerError(data.trouble, data.message));
  };
  worker.onerror = ({ message }) => end(died(message), true);
  worker.addEventListener("close", () => end(died("it ended"), true));

  const opened = post("open", [file, keepRows]);
  opened.catch((error: LedgerError) => end(error));
  const thread: Thread = {
    ask: async (call, args) => {
      await opened;
      if (isEnded) throw new LedgerError("stopped", "the ledger's thread has ended");
      return post(call, args);
    },
    end,
  };
  return thread;
}

function died(message: string): LedgerError {
  return new LedgerError("stopped", `the ledger's thread died: ${message}`);
}
