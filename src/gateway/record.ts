import type { BodyCopy, BodyLog } from "../core/body-log.ts";
import type { ErrorCode, GatewayError } from "../core/errors.ts";
import type { Principal } from "../core/key-record.ts";
import type { Ledger, Seat } from "../core/ledger.ts";
import type { NanoUsd } from "../core/money.ts";
import type { Route, RouteMatch } from "../core/routes.ts";
import type { Call, CallNotes, CallRecord, Entrance, UpstreamRequest } from "../core/types.ts";
import type { CallEnd, CallUsage, Settled } from "./call-usage.ts";
import { noNotes } from "./notes.ts";
import { type Soon, whenThere } from "./soon.ts";

/** Where finished calls are told. Must not throw. */
export interface CallLog {
  finished(record: CallRecord): void;
  /** An upstream told counts or costs that cannot be: the call's hold was booked in their place. */
  usageInvalid(record: CallRecord): void;
  /** Null unless calls are to be traced (`--detailed_debug`, or one that is tried out). */
  readonly trace: CallTrace | null;
}

/** Told of a call's steps as they happen; a log tells the names of headers, never the values. Must not throw. */
export interface CallTrace {
  matched(call: Call, match: RouteMatch): void;
  /** Before it goes out. `isChanged`: its body is another one than the client's. */
  sending(call: Call, sent: UpstreamRequest, isChanged: boolean): void;
  exchanged(call: Call, sent: UpstreamRequest, upstream: Response): void;
  /** Every call comes here, those that no route took too. */
  answered(id: string, request: Request, entrance: Entrance, status: number): void;
}

/** Counts finished calls. Must not throw. */
export interface CallMetrics {
  finished(record: CallRecord): void;
  /** Calls for whose cost the hold was booked, since what the upstream told cannot be. */
  usageInvalid: number;
}

/** Calls under way, the streams among them. */
export interface InFlight {
  count: number;
}

/** Who is told of a call's end. */
export interface Listeners {
  readonly log: CallLog;
  readonly ledger: Ledger;
  readonly bodies: BodyLog;
  readonly metrics: CallMetrics;
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
  #copy: BodyCopy | null = null;
  #usage: CallUsage | null = null;
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

  /** Somebody with a key called, or the admin. */
  get isAuthenticated(): boolean {
    return this.#principal !== null && this.#principal.kind !== "anonymous";
  }

  /** Whose call it is: the key, else the master key or anybody. */
  get ownerId(): string {
    return this.#principal?.kind === "key" ? this.#principal.key.id : "";
  }

  get notes(): CallNotes {
    return this.#notes;
  }

  /** Null where bodies are not logged. */
  get copy(): BodyCopy | null {
    return this.#copy;
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

  /** The call's bodies are logged, where its route says so. */
  copies(call: Call, { bodyLogging }: Route): BodyCopy | null {
    if (bodyLogging !== null) this.#copy = this.#to.bodies.open(call, bodyLogging);
    return this.#copy;
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
  sent(upload: { readonly bytes: number }, usage: CallUsage): void {
    this.#upload = upload;
    this.#usage = usage;
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

  /** Milliseconds, as far as they are known when a reply's head is written. */
  times(): { readonly durationMs: number; readonly overheadMs: number } {
    const now = performance.now();
    const waited = this.#answeredAt - this.#sentAt;
    return { durationMs: now - this.#startedAt, overheadMs: now - this.#startedAt - waited };
  }

  /**
   * Works once; whoever comes first tells how the call ended. A promise only where its usage or its price is not there
   * at once.
   */
  finish(status: number, error: GatewayError | null): Soon<void> {
    if (this.#finished) return;
    this.#finished = true;
    this.#to.inFlight.count -= 1;
    const durationMs = performance.now() - this.#startedAt;
    return whenThere(this.#settled(error), (settled) =>
      this.#tell(settled, { status, error, durationMs }),
    );
  }

  #settled(error: GatewayError | null): Soon<Settled> {
    const usage = this.#usage;
    const nothing = { ...nothingUsed, model: this.#model };
    if (usage === null || (error !== null && neverReached.has(error.code))) return nothing;
    const seat = this.#seat;
    return usage.settle(endOf(error), {
      isNeeded: seat?.needsCost === true,
      nanoUsd: () => seat?.holdNanoUsd ?? 0,
    });
  }

  #tell(
    { isInvalid, ...settled }: Settled,
    end: Pick<CallRecord, "status" | "error" | "durationMs">,
  ): void {
    this.#costNanoUsd = settled.costNanoUsd;
    const answeredAt = this.#answeredAt;
    const firstByteAt = this.#firstByteAt === 0 ? answeredAt : this.#firstByteAt;
    const record: CallRecord = {
      ...settled,
      ...end,
      id: this.id,
      route: this.#route,
      principal: this.#principal,
      notes: this.#notes,
      method: this.#method,
      model: settled.model ?? this.#model,
      isStream: this.#usage?.isStream ?? false,
      startedAt: this.startedAt,
      firstByteMs: firstByteAt === 0 ? null : firstByteAt - this.#startedAt,
      overheadMs:
        answeredAt === 0 ? null : this.#sentAt - this.#startedAt + firstByteAt - answeredAt,
      bytesIn: this.#upload === null ? 0 : this.#upload.bytes,
      bytesOut: this.#bytesOut,
    };
    const { ledger, log, metrics } = this.#to;
    ledger.finished(record, this.#seat);
    log.finished(record);
    metrics.finished(record);
    this.#copy?.finish(record);
    if (!isInvalid) return;
    log.usageInvalid(record);
    metrics.usageInvalid += 1;
  }
}

function endOf(error: GatewayError | null): CallEnd {
  if (error === null) return "whole";
  return error.code === "client_closed" ? "left" : "broken";
}

/** Errors that say that the upstream has not seen the request. */
const neverReached: ReadonlySet<ErrorCode> = new Set([
  "upstream_connect_timeout",
  "upstream_dns",
  "upstream_tls",
  "upstream_unreachable",
]);

const noHeaders: Readonly<Record<string, string>> = {};

const nothingUsed: Settled = {
  provider: null,
  model: null,
  usage: null,
  costNanoUsd: 0,
  unpriced: null,
  estimated: false,
  isInvalid: false,
};
