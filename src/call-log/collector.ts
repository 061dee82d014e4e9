import type { BodyCopy, BodyLog, LoggedCall } from "../core/body-log.ts";
import type { BodyLogging } from "../core/routes.ts";
import { Batcher, type Batch } from "./batch.ts";
import { BodyBuffer } from "./body-buffer.ts";
import { type Budget, createBudget } from "./budget.ts";
import { codingsOf, type Frame, type FrameHead } from "./frame.ts";
import { credentialsIn, safeHeaders } from "./safe-headers.ts";
import { safeUrl } from "./safe-url.ts";

/** All that bodies may take of memory: copies under way, and batches that the thread has not done with. */
const maxInFlightBytes = 64 * 1024 * 1024;

/** What a call takes of memory before it has a body, about. */
const openBytes = 2 * 1024;

/** Batches of this size cost little a call; where memory is scarce there is room for a few all the same. */
const maxBatchBytes = 1024 * 1024;
const minBatches = 8;

export interface CollectorOptions {
  readonly send: (batch: Batch) => void;
  readonly maxInFlightBytes?: number;
  /** Decides on samples; below 1, like `Math.random`. */
  readonly random?: () => number;
}

export interface Collector extends BodyLog {
  /** Sends what is gathered so far. */
  flush(): void;
  /** A batch was taken care of: its size, and its memory where that came back. */
  done(bytes: number, memory: ArrayBuffer | null): void;
  /** Calls whose bodies were lost, or cut, for want of memory. */
  readonly dropped: number;
  readonly inFlightBytes: number;
}

/** Copies bodies as they pass, within bounds, and gathers them for the thread. */
export function createCollector(options: CollectorOptions): Collector {
  const { random = Math.random } = options;
  const most = options.maxInFlightBytes ?? maxInFlightBytes;
  const budget = createBudget(most);
  const batchBytes = Math.min(maxBatchBytes, Math.floor(most / minBatches));
  const batcher = new Batcher({ budget, batchBytes, send: options.send });
  let dropped = 0;
  const drop = () => void dropped++;
  return {
    open: (call, logging) => {
      if (logging.share < 1 && random() >= logging.share) return null;
      if (budget.take(openBytes)) return new CallCopy(call, logging, { budget, batcher, drop });
      drop();
      return null;
    },
    flush: () => batcher.flush(),
    done: (bytes, memory) => batcher.done(bytes, memory),
    get dropped() {
      return dropped;
    },
    get inFlightBytes() {
      return budget.taken;
    },
  };
}

interface Means {
  readonly budget: Budget;
  readonly batcher: Batcher;
  readonly drop: () => void;
}

/** The copies of one call. */
class CallCopy implements BodyCopy {
  readonly #call: LoggedCall;
  readonly #logging: BodyLogging;
  readonly #means: Means;
  readonly #request: BodyBuffer;
  readonly #reply: BodyBuffer;
  #status = 0;
  #replyHeaders: Readonly<Record<string, string>> = {};
  #isFinished = false;

  constructor(call: LoggedCall, logging: BodyLogging, means: Means) {
    this.#call = call;
    this.#logging = logging;
    this.#means = means;
    this.#request = new BodyBuffer(logging.maxBytes, means.budget);
    this.#reply = new BodyBuffer(logging.maxBytes, means.budget);
  }

  request(bytes: Uint8Array): void {
    this.#request.add(bytes);
  }

  replyHead(status: number, headers: Headers): void {
    this.#status = status;
    this.#replyHeaders = recordOf(headers);
  }

  reply(bytes: Uint8Array): void {
    this.#reply.add(bytes);
  }

  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    const { budget, batcher, drop } = this.#means;
    const isStarved = this.#request.isStarved || this.#reply.isStarved;
    if (!this.#handOver(batcher) || isStarved) drop();
    this.#request.release();
    this.#reply.release();
    budget.give(openBytes);
  }

  /** Whatever headers hold, the call goes on. */
  #handOver(batcher: Batcher): boolean {
    try {
      return batcher.add(this.#frame());
    } catch {
      return false;
    }
  }

  #frame(): Frame {
    const { id, method, path, query, headers } = this.#call;
    const { url, secrets } = safeUrl(path, query);
    const head: FrameHead = {
      method,
      url,
      requestHeaders: safeHeaders(headers),
      requestBytes: this.#request.passed,
      status: this.#status,
      replyHeaders: safeHeaders(this.#replyHeaders),
      replyBytes: this.#reply.passed,
    };
    return {
      id,
      head: JSON.stringify(head),
      secrets: [...secrets, ...credentialsIn(headers), ...credentialsIn(this.#replyHeaders)],
      maxBytes: this.#logging.maxBytes,
      request: framed(this.#request, headers),
      reply: framed(this.#reply, this.#replyHeaders),
    };
  }
}

/** Repeated headers joined; of cookies that are set only names and values. */
function recordOf(headers: Headers): Record<string, string> {
  const record: Record<string, string> = {};
  for (const [name, value] of headers) {
    if (name !== "set-cookie") record[name] = value;
    else record[name] = [record[name], value.split(";")[0]].filter(Boolean).join("; ");
  }
  return record;
}

function framed(body: BodyBuffer, headers: Readonly<Record<string, string>>): Frame["request"] {
  return { bytes: body.bytes, isCut: body.isCut, ...codingsOf(headers["content-encoding"]) };
}
