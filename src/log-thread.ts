import type { Batch } from "./call-log/batch.ts";
import type { LoggedBodies, TextSearch } from "./core/body-log.ts";
import type { LogCalls, LogReply, LogRequest, Written } from "./log-worker.ts";
import type { LogRetention } from "./storage/sqlite/log-store.ts";

export interface LogThread {
  /** The batch's memory is the thread's until it is answered. */
  write(batch: Batch, secrets: readonly string[]): Promise<Written>;
  bodies(id: string): Promise<LoggedBodies | null>;
  search(what: TextSearch): Promise<readonly string[]>;
  retain(retention: LogRetention): Promise<void>;
  close(): Promise<void>;
  /** Ends it; what waits for it is rejected. */
  end(reason: string): void;
}

export interface LogThreadEvents {
  readonly ended: (thread: LogThread) => void;
  readonly movedAside: (place: string, reason: string) => void;
}

/** Methods, so that every promise's own functions fit in: the reply to a call is of the call's type. */
interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Starts the thread that writes the log. It keeps the process alive only while somebody waits for it. */
export function startLogThread(file: string, events: LogThreadEvents): LogThread {
  const worker = new Worker(new URL("./log-worker.ts", import.meta.url).href, { ref: false });
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let ending: string | null = null;

  const end = (reason: string) => {
    if (ending !== null) return;
    ending = reason;
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
    worker.terminate();
    events.ended(thread);
  };
  const ask = (call: keyof LogCalls, args: readonly unknown[], given: ArrayBuffer[] = []) =>
    new Promise<never>((resolve, reject) => {
      if (ending !== null) return reject(new Error(ending));
      const request: LogRequest = { id: ++last, call, args };
      if (waiting.size === 0) worker.ref();
      waiting.set(request.id, { resolve, reject });
      worker.postMessage(request, given);
    });

  worker.onmessage = ({ data }: MessageEvent<LogReply>) => {
    if ("aside" in data) return events.movedAside(data.aside, data.reason);
    const asker = waiting.get(data.id);
    waiting.delete(data.id);
    if (waiting.size === 0) worker.unref();
    if (data.trouble === null) asker?.resolve(data.value);
    else asker?.reject(new Error(data.trouble));
  };
  worker.onerror = ({ message }) => end(`the log's thread died: ${whatOf(message)}`);
  worker.addEventListener("close", () => end("the log's thread died"));

  const thread: LogThread = {
    write: ({ memory, bytes }, secrets) => ask("write", [memory, bytes, secrets], [memory]),
    bodies: (id) => ask("bodies", [id]),
    search: (what) => ask("search", [what]),
    retain: (retention) => ask("retain", [retention]),
    close: () => ask("close", []),
    end,
  };
  ask("open", [file]).catch(() => {});
  return thread;
}

/** The error itself: what comes before it is the code around it. */
function whatOf(message: string): string {
  return /^\w*Error: .*/m.exec(message)?.[0] ?? message;
}
