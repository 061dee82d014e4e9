import type { ErrorCode, GatewayError } from "../core/errors.ts";
import type { Principal } from "../core/key-record.ts";
import type { Ledger, Seat } from "../core/ledger.ts";
import type { NanoUsd } from "../core/money.ts";
import type { Route, RouteMatch } from "../core/routes.ts";
import { noNotes } from "./notes.ts";
import type { Call, CallNotes, CallRecord, Entrance } from "../core/types.ts";

/** Where finished calls are told. Must not throw. */
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

/** Who is told of a call's end. */
export interface Listeners {
  readonly log: CallLog;
  readonly ledger: Ledger;
  readonly inFlight: InFlight;
}

/** How far a call got, noted as it goes, and told exactly once. Times are monotonic milliseconds. */
export class OpenRecord {
  readonly id: string;
  readonly #method: string;
  readonly #to: Listeners;
  /** Epoch milliseconds. */
  readonly startedAt = Date.now();
  readonly #startedAt = performance.now();
  #route: Route | null = null;
  #principal: Principal | null = null;
  #notes: CallNotes = noNotes;
  #seat: Seat | null = null;
  #model: string | null = null;
  #upload: { readonly bytes: number } | null = null;
  #sentAt = 0;
  #answeredAt = 0;
  #firstByteAt = 0;
  #bytesOut = 0;
  /** Nothing is spent before the call is sent. */
  #costNanoUsd: NanoUsd | null = 0;
  #finished = false;

  constructor(id: string, method: string, to: Listeners) {
    this.id = id;
    this.#method = method;
    this.#to = to;
    to.inFlight.count += 1;
  }

  /** What is booked as far as it is known: 0 until the call is sent. */
  get costNanoUsd(): NanoUsd | null {
    return this.#costNanoUsd;
  }

  get notes(): CallNotes {
    return this.#notes;
  }

  matched(route: Route): void {
    this.#route = route;
  }

  /** From here on the call has a row, however it goes. */
  authenticated(principal: Principal, notes: CallNotes): void {
    this.#principal = principal;
    this.#notes = notes;
  }

  seated(seat: Seat): void {
    this.#seat = seat;
  }

  /** The limits that the caller is told of. */
  limitHeaders(): Readonly<Record<string, string>> {
    return this.#seat === null ? noHeaders : this.#seat.headers();
  }

  named(model: string | null): void {
    this.#model = model;
  }

  /**
   * The request goes out: from here on it costs what the route says, whether anybody waits for the reply or not, or
   * else who leaves early would call for nothing. `upload` tells how much of its body passed so far. */
  sent(upload: { readonly bytes: number }): void {
    this.#upload = upload;
    this.#sentAt = performance.now();
    this.#costNanoUsd = this.#route === null ? null : this.#route.costNanoUsd;
  }

  /** The upstream's head is there: an error costs nothing. */
  answered(status: number): void {
    this.#answeredAt = performance.now();
    if (status >= 400) this.#costNanoUsd = 0;
  }

  passed(bytes: number): void {
    if (this.#firstByteAt === 0) this.#firstByteAt = performance.now();
    this.#bytesOut += bytes;
  }

  /** Works once; whoever comes first tells how the call ended. */
  finish(status: number, error: GatewayError | null): void {
    if (this.#finished) return;
    this.#finished = true;
    const { log, ledger, inFlight } = this.#to;
    inFlight.count -= 1;
    const startedAt = this.#startedAt;
    const answeredAt = this.#answeredAt;
    if (error !== null && neverReached.has(error.code)) this.#costNanoUsd = 0;
    const firstByteAt = this.#firstByteAt === 0 ? answeredAt : this.#firstByteAt;
    const record: CallRecord = {
      id: this.id,
      route: this.#route,
      principal: this.#principal,
      notes: this.#notes,
      method: this.#method,
      status,
      error,
      model: this.#model,
      provider: null,
      usage: null,
      costNanoUsd: this.#costNanoUsd,
      unpriced: null,
      estimated: false,
      isStream: false,
      userAgent: null,
      startedAt: this.startedAt,
      firstByteMs: firstByteAt === 0 ? null : firstByteAt - startedAt,
      durationMs: performance.now() - startedAt,
      overheadMs: answeredAt === 0 ? null : this.#sentAt - startedAt + firstByteAt - answeredAt,
      bytesIn: this.#upload === null ? 0 : this.#upload.bytes,
      bytesOut: this.#bytesOut,
    };
    ledger.finished(record, this.#seat);
    log.finished(record);
  }
}

/** Errors that say that the upstream has not seen the request. */
const neverReached: ReadonlySet<ErrorCode> = new Set([
  "upstream_connect_timeout",
  "upstream_dns",
  "upstream_tls",
  "upstream_unreachable",
]);

const noHeaders: Readonly<Record<string, string>> = {};
