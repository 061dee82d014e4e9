import { GatewayError } from "../core/errors.ts";
import type { Route } from "../core/routes.ts";
import type { Call, CallRecord, CallTrace } from "../core/types.ts";

/** Where finished calls go. Must not throw. */
export interface CallLog {
  finished(record: CallRecord): void;
  /** Null unless every call is to be traced (`--detailed_debug`). */
  readonly trace: ((trace: CallTrace) => void) | null;
}

/** How far a call got, noted as it goes, and told exactly once. */
export class OpenRecord {
  #route: Route | null = null;
  #sentAt: number | null = null;
  #headersAt: number | null = null;
  #firstByteAt: number | null = null;
  #bytesIn: () => number = none;
  #bytesOut = 0;
  #finished = false;
  readonly #call: Pick<Call, "id" | "method" | "startedAt">;
  readonly #log: CallLog;
  readonly #closed: () => void;

  constructor(call: Pick<Call, "id" | "method" | "startedAt">, log: CallLog, closed: () => void) {
    this.#call = call;
    this.#log = log;
    this.#closed = closed;
  }

  matched(route: Route): void {
    this.#route = route;
  }

  /** The upload is on its way; `bytes` tells how much of it passed so far. */
  uploading(bytes: () => number): void {
    this.#bytesIn = bytes;
  }

  sent(): void {
    this.#sentAt = performance.now();
  }

  answered(): void {
    this.#headersAt = performance.now();
  }

  passed(bytes: number): void {
    this.#firstByteAt ??= performance.now();
    this.#bytesOut += bytes;
  }

  /** Works once; whoever comes first tells how the call ended. */
  finish(status: number, error: GatewayError | null): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#closed();
    const endedAt = performance.now();
    const { id, method, startedAt } = this.#call;
    const firstByteAt = this.#firstByteAt ?? this.#headersAt;
    this.#log.finished({
      id,
      route: this.#route?.id ?? null,
      method,
      status,
      error,
      firstByteMs: firstByteAt === null ? null : firstByteAt - startedAt,
      durationMs: endedAt - startedAt,
      overheadMs: this.#overheadMs(startedAt),
      bytesIn: this.#bytesIn(),
      bytesOut: this.#bytesOut,
    });
  }

  #overheadMs(startedAt: number): number | null {
    if (this.#sentAt === null || this.#headersAt === null) return null;
    const downMs = this.#firstByteAt === null ? 0 : this.#firstByteAt - this.#headersAt;
    return this.#sentAt - startedAt + downMs;
  }
}

const none = () => 0;
