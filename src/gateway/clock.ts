import { type ErrorCode, GatewayError } from "../core/errors.ts";
import type { Entrance } from "../core/types.ts";

/** How often running calls are looked at: what a deadline may be late by. */
const sweepMs = 40;

const running = new Set<CallClock>();
let sweeper: Timer | null = null;

/** Set by the sweep: asking for the time at each chunk of a stream would cost more than the chunk. */
let coarseNow = 0;

/** Controllers that never fired serve one call after another: making one per call costs as much as a whole step. */
const unused: AbortController[] = [];

/**
 * The deadlines of one call. At any time one party holds a call up (the client, the upstream), so one deadline is
 * enough, moved as the call goes on; moving it costs an assignment and no timer.
 */
export class CallClock implements EventListenerObject {
  readonly #controller = unused.pop() ?? new AbortController();
  readonly #request: Request;
  readonly #entrance: Entrance;
  #client: AbortSignal | null = null;
  #code: ErrorCode = "upstream_timeout";
  #dueAt = Number.POSITIVE_INFINITY;
  #lastAt = Number.POSITIVE_INFINITY;
  #checkAt = Number.POSITIVE_INFINITY;
  #check: (() => void) | null = null;
  #answered = false;
  #onAbort: ((error: GatewayError) => void) | null = null;
  #onClientGone: (() => void) | null = null;
  #error: GatewayError | null = null;

  /** `request` tells when the client leaves; `entrance` holds its connection open while nothing flows. */
  constructor(request: Request, entrance: Entrance) {
    this.#request = request;
    this.#entrance = entrance;
    running.add(this);
    if (sweeper === null) startSweeping();
  }

  /** Aborted with a `GatewayError` as its reason: hand it to `fetch`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isRunning(): boolean {
    return running.has(this);
  }

  /** What ended the call early, if anything did. */
  get error(): GatewayError | null {
    return this.#error;
  }

  /** From now on whoever is waited for has `ms`; after that the call ends with `code`. */
  wait(code: ErrorCode, ms: number): void {
    this.#code = code;
    this.#dueAt = coarseNow + ms;
  }

  /** The call ends `ms` from now whatever flows, unless it was to end sooner. */
  limit(ms: number): void {
    this.#lastAt = Math.min(this.#lastAt, coarseNow + ms);
  }

  /** Runs `check` once, `ms` from now, unless the reply's headers are there before. */
  checkAfter(ms: number, check: () => void): void {
    this.#check = check;
    this.#checkAt = coarseNow + ms;
  }

  /** `wait`, until the reply has begun: from then on an upload that still goes on has no say. */
  waitSending(code: ErrorCode, ms: number): void {
    if (!this.#answered) this.wait(code, ms);
  }

  /** The reply's headers are there, or will never come. */
  answered(): void {
    this.#answered = true;
    this.#check = null;
    this.#checkAt = Number.POSITIVE_INFINITY;
  }

  /** Also tell `listener` of an abort: for streams that nobody reads at that moment. One at a time. */
  onAbort(listener: ((error: GatewayError) => void) | null): void {
    this.#onAbort = listener;
    if (listener !== null && this.#error !== null) listener(this.#error);
  }

  /** In place of the call's end when the client leaves. */
  onClientGone(listener: () => void): void {
    this.#onClientGone = listener;
    if (this.#client?.aborted === true) listener();
  }

  /** Ends the call with `error`, unless it is over: its controller may serve another one by then. */
  abort(error: GatewayError): void {
    if (!this.#leave()) return;
    this.#error = error;
    this.#controller.abort(error);
    this.#onAbort?.(error);
  }

  /** The call is over, its upstream's reply read to the end: no deadline fires any more. */
  stop(): void {
    if (this.#leave()) unused.push(this.#controller);
  }

  /** Called by the sweep alone. */
  tick(now: number): void {
    if (this.#client === null) this.#watchClient();
    if (now >= this.#lastAt) this.abort(new GatewayError("max_duration"));
    else if (now >= this.#dueAt) this.abort(new GatewayError(this.#code));
    else if (now >= this.#checkAt) {
      const check = this.#check;
      this.#checkAt = Number.POSITIVE_INFINITY;
      check?.();
    }
  }

  /** Only calls that live to see a sweep ask for the request's signal: most are over by then, and it is not free. */
  #watchClient(): void {
    this.#entrance.hold(this.#request);
    this.#client = this.#request.signal;
    if (this.#client.aborted) this.handleEvent();
    else this.#client.addEventListener("abort", this, { once: true });
  }

  /** The client's signal fired. */
  handleEvent(): void {
    if (this.#onClientGone === null) this.abort(new GatewayError("client_closed"));
    else this.#onClientGone();
  }

  /** False where the call was over before. */
  #leave(): boolean {
    if (!running.delete(this)) return false;
    if (this.#client !== null) {
      this.#client.removeEventListener("abort", this);
      this.#entrance.release(this.#request);
    }
    return true;
  }
}

/** Ends every call that is under way. */
export function abortAll(error: GatewayError): void {
  for (const clock of running) clock.abort(error);
}

function sweep(): void {
  if (running.size === 0 && sweeper !== null) {
    clearInterval(sweeper);
    sweeper = null;
    return;
  }
  coarseNow = performance.now();
  for (const clock of running) clock.tick(coarseNow);
}

function startSweeping(): void {
  coarseNow = performance.now();
  sweeper = setInterval(sweep, sweepMs);
}
