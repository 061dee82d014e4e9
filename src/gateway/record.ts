import type { GatewayError } from "../core/errors.ts";
import type { Route, RouteMatch } from "../core/routes.ts";
import type { Call, CallRecord, Entrance } from "../core/types.ts";

/** Where finished calls go. Must not throw. */
export interface CallLog {
  finished(record: CallRecord): void;
  /** Null unless every call is to be traced (`--detailed_debug`). */
  readonly trace: CallTrace | null;
}

/** What `--detailed_debug` tells of a call beside its line. Of headers it tells the names, never the values. */
export interface CallTrace {
  matched(call: Call, match: RouteMatch): void;
  exchanged(call: Call, sent: Readonly<Record<string, string>>, upstream: Response): void;
  /** Every call comes here, those that no route took too. */
  answered(id: string, request: Request, entrance: Entrance, status: number): void;
}

/** Calls under way, the streams among them. */
export interface InFlight {
  count: number;
}

/** How far a call got, noted as it goes, and told exactly once. Times are monotonic milliseconds. */
export class OpenRecord {
  readonly #id: string;
  readonly #method: string;
  readonly #log: CallLog;
  readonly #inFlight: InFlight;
  readonly #startedAt = performance.now();
  #route: Route | null = null;
  #upload: { readonly bytes: number } | null = null;
  #sentAt = 0;
  #answeredAt = 0;
  #firstByteAt = 0;
  #bytesOut = 0;
  #finished = false;

  constructor(id: string, method: string, log: CallLog, inFlight: InFlight) {
    this.#id = id;
    this.#method = method;
    this.#log = log;
    this.#inFlight = inFlight;
    inFlight.count += 1;
  }

  matched(route: Route): void {
    this.#route = route;
  }

  /** The request goes out; `upload` tells how much of its body passed so far. */
  sent(upload: { readonly bytes: number }): void {
    this.#upload = upload;
    this.#sentAt = performance.now();
  }

  answered(): void {
    this.#answeredAt = performance.now();
  }

  passed(bytes: number): void {
    if (this.#firstByteAt === 0) this.#firstByteAt = performance.now();
    this.#bytesOut += bytes;
  }

  /** Works once; whoever comes first tells how the call ended. */
  finish(status: number, error: GatewayError | null): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#inFlight.count -= 1;
    const startedAt = this.#startedAt;
    const answeredAt = this.#answeredAt;
    const firstByteAt = this.#firstByteAt === 0 ? answeredAt : this.#firstByteAt;
    this.#log.finished({
      id: this.#id,
      route: this.#route === null ? null : this.#route.id,
      method: this.#method,
      status,
      error,
      firstByteMs: firstByteAt === 0 ? null : firstByteAt - startedAt,
      durationMs: performance.now() - startedAt,
      overheadMs: answeredAt === 0 ? null : this.#sentAt - startedAt + firstByteAt - answeredAt,
      bytesIn: this.#upload === null ? 0 : this.#upload.bytes,
      bytesOut: this.#bytesOut,
    });
  }
}
