import type { GatewayError } from "../core/errors.ts";
import type { Need } from "../core/ledger.ts";
import type { Budget } from "../core/limits.ts";
import type { NanoUsd } from "../core/money.ts";
import type { Level } from "./levels.ts";
import type { CallUnderWay, Granted } from "./successor.ts";
import { tickNow } from "./rate-window.ts";
import { type ModelPlace, modelPlaces } from "./model-places.ts";
import { budgetRefusal, parallelRefusal, rateRefusal } from "./refusals.ts";
import type { Tally } from "./tally.ts";

/** What is held for a call whose cost is not known, and the bounds of what is held for one that is estimated. */
export interface HoldRules {
  readonly defaultNanoUsd: NanoUsd;
  readonly minNanoUsd: NanoUsd;
  readonly maxNanoUsd: NanoUsd;
}

/** A flat price as it is; an estimate within its bounds; else what is held for a call that nobody can estimate. */
export function holdOf(
  flatNanoUsd: NanoUsd | null,
  estimateNanoUsd: NanoUsd | null,
  { defaultNanoUsd, minNanoUsd, maxNanoUsd }: HoldRules,
): NanoUsd {
  if (flatNanoUsd !== null) return flatNanoUsd;
  if (estimateNanoUsd === null) return defaultNanoUsd;
  return Math.min(maxNanoUsd, Math.max(minNanoUsd, estimateNanoUsd));
}

/** Told when an account enters a new period. */
export type PeriodBegan = (tally: Tally) => void;

/**
 * One call's places in every limit of its levels. Taken in one synchronous step each: rates and concurrency first,
 * money when the request is known. What was taken is given back, or settled, once.
 */
export class Places {
  readonly levels: readonly Level[];
  /** What is on hold in each of `#budgets`. */
  holdNanoUsd: NanoUsd = 0;
  /** Money was reserved: the call may be sent. */
  reserved = false;
  tokens = 0;
  #tick: number;
  #tokenTick = 0;
  /** It stands in the windows of requests. */
  #counted = true;
  #modelTallies: readonly ModelPlace[] = none;
  #budgets: readonly Tally[] = noTallies;
  #left = false;

  /** Takes a place in the requests of this minute and the calls under way, in every level or in none. */
  constructor(levels: readonly Level[]) {
    const tick = tickNow();
    let refused: Refusal = null;
    for (const level of levels) refused = longer(refused, refusedRequest(level, tick));
    if (refused !== null) throw refused;
    for (const { limits, tally } of levels) {
      if (limits.rpm !== null) tally.requestWindow(tick).take(tick, 1);
      tally.calls += 1;
    }
    this.levels = levels;
    this.#tick = tick;
  }

  /** What `reserve` gave. */
  granted(): Granted {
    return {
      holdNanoUsd: this.holdNanoUsd,
      hasBudget: this.#budgets.length > 0,
      modelScopes:
        this.#modelTallies.length === 0 ? noScopes : this.#modelTallies.map(scopeOfPlace),
    };
  }

  /** For a process that takes over while the call is under way. */
  underWay(id: string): CallUnderWay {
    const levels = this.levels.map(({ tally }) => tally.scope);
    return {
      id,
      holdNanoUsd: this.holdNanoUsd,
      levels,
      scopes: [...levels, ...this.#modelTallies.map(scopeOfPlace)],
      held: this.#budgets.map(({ scope }) => scope),
    };
  }

  /** Model limits, tokens a minute, and the hold: in every level, or an error and in none. */
  reserve(need: Need, holdNanoUsd: NanoUsd, began: PeriodBegan): void {
    const tick = tickNow();
    if (tick !== this.#tick) this.#restamp(tick);
    const models = need.models.length === 0 ? none : modelPlaces(this.levels, need.models);
    const checks = budgetsOf(this.levels, models);
    const hold = checks.length === 0 ? 0 : holdNanoUsd;
    let refused: Refusal = null;
    for (const place of models) refused = longer(refused, refusedModel(place, tick, need.tokens));
    for (const { whose, limits, tally } of this.levels) {
      if (limits.tpm === null) continue;
      const tokens = { limit: limits.tpm, tally, needed: need.tokens };
      refused = longer(refused, refusedTokens(whose, tokens, tick));
    }
    if (refused !== null) throw refused;
    const now = Date.now();
    for (const { whose, budget, tally } of checks) {
      if (tally.enterPeriod(budget, now)) began(tally);
      if (tally.fits(budget, hold)) continue;
      refused = longer(refused, budgetRefusal(whose, { tally, budget, hold }, now));
    }
    if (refused !== null) throw refused;
    for (const { tally, rpm, tpm } of models) {
      if (rpm !== null) tally.requestWindow(tick).take(tick, 1);
      if (tpm !== null) tally.tokenWindow(tick).take(tick, need.tokens);
    }
    for (const { limits, tally } of this.levels) {
      if (limits.tpm !== null) tally.tokenWindow(tick).take(tick, need.tokens);
    }
    for (const { tally } of checks) tally.heldNanoUsd += hold;
    this.#modelTallies = models;
    this.#budgets = checks.map(({ tally }) => tally);
    this.holdNanoUsd = hold;
    this.tokens = need.tokens;
    this.#tokenTick = tick;
    this.reserved = true;
  }

  /** The call was never sent: its places are free again. */
  giveBack(): void {
    if (this.#left) return;
    this.#leave();
    for (const { limits, tally } of this.levels) {
      if (limits.rpm !== null && this.#counted) tally.requests?.correct(this.#tick, -1);
      if (this.reserved && limits.tpm !== null) {
        tally.tokens?.correct(this.#tokenTick, -this.tokens);
      }
    }
    for (const { tally, rpm, tpm } of this.#modelTallies) {
      if (rpm !== null) tally.requests?.correct(this.#tokenTick, -1);
      if (tpm !== null) tally.tokens?.correct(this.#tokenTick, -this.tokens);
    }
  }

  /**
   * The call is over: the hold becomes what it cost, in every account of its levels, and the estimate of its tokens
   * what it used; null: nobody knows better.
   */
  settle(costNanoUsd: NanoUsd, tokens: number | null): void {
    if (this.#left) return;
    this.#leave();
    if (tokens !== null && tokens !== this.tokens) this.#correctTokens(tokens - this.tokens);
    for (const { tally } of this.levels) tally.spentNanoUsd += costNanoUsd;
    for (const { tally } of this.#modelTallies) tally.spentNanoUsd += costNanoUsd;
  }

  /** In the minute in which it was sent, whenever it ended. */
  #correctTokens(by: number): void {
    for (const { limits, tally } of this.levels) {
      if (limits.tpm !== null) tally.tokens?.correct(this.#tokenTick, by);
    }
    for (const { tally, tpm } of this.#modelTallies) {
      if (tpm !== null) tally.tokens?.correct(this.#tokenTick, by);
    }
  }

  /** A slow upload: the minute that counts is the one in which the call is sent. */
  #restamp(tick: number): void {
    for (const { limits, tally } of this.levels) {
      if (limits.rpm !== null) tally.requestWindow(tick).correct(this.#tick, -1);
    }
    this.#counted = false;
    let refused: Refusal = null;
    for (const level of this.levels) refused = longer(refused, refusedRate(level, tick));
    if (refused !== null) throw refused;
    for (const { limits, tally } of this.levels) {
      if (limits.rpm !== null) tally.requestWindow(tick).take(tick, 1);
    }
    this.#tick = tick;
    this.#counted = true;
  }

  #leave(): void {
    this.#left = true;
    for (const { tally } of this.levels) tally.calls -= 1;
    for (const tally of this.#budgets) tally.heldNanoUsd -= this.holdNanoUsd;
  }
}

const none: readonly ModelPlace[] = [];
const noTallies: readonly Tally[] = [];
const noScopes: readonly string[] = [];
const scopeOfPlace = ({ tally }: ModelPlace) => tally.scope;

/** Null where nothing is in the way. */
type Refusal = GatewayError | null;

/** Of two refusals the one that stands longer, so that what it says of its end holds for both; else the first. */
function longer(first: Refusal, second: Refusal): Refusal {
  if (first === null || second === null) return first ?? second;
  return waitOf(second) > waitOf(first) ? second : first;
}

/** Seconds; for ever where the refusal names no end. */
function waitOf({ headers }: GatewayError): number {
  return Number(headers["retry-after"] ?? Infinity);
}

function refusedRequest(level: Level, tick: number): Refusal {
  const { whose, limits, tally } = level;
  const rate = refusedRate(level, tick);
  if (rate !== null || limits.parallel === null || tally.calls < limits.parallel) return rate;
  return parallelRefusal(whose, limits.parallel);
}

function refusedRate({ whose, limits, tally }: Level, tick: number): Refusal {
  return limits.rpm === null ? null : refusedRequests(whose, { limit: limits.rpm, tally }, tick);
}

function refusedRequests(
  whose: string,
  { limit, tally }: { readonly limit: number; readonly tally: Tally },
  tick: number,
): Refusal {
  const window = tally.requestWindow(tick);
  if (window.used(tick) < limit) return null;
  const freeIn = window.freeIn(tick, limit, 1);
  return rateRefusal(whose, "requests", { limit, needed: 1, freeIn });
}

interface TokenCheck {
  readonly limit: number | null;
  readonly tally: Tally;
  readonly needed: number;
}

function refusedTokens(whose: string, { limit, tally, needed }: TokenCheck, tick: number): Refusal {
  if (limit === null) return null;
  const window = tally.tokenWindow(tick);
  if (window.used(tick) + needed <= limit) return null;
  const freeIn = window.freeIn(tick, limit, needed);
  return rateRefusal(whose, "tokens", { limit, needed, freeIn });
}

function refusedModel(place: ModelPlace, tick: number, needed: number): Refusal {
  const { whose, tally, rpm, tpm } = place;
  const rate = rpm === null ? null : refusedRequests(whose, { limit: rpm, tally }, tick);
  return longer(rate, refusedTokens(whose, { limit: tpm, tally, needed }, tick));
}

interface BudgetCheck {
  readonly whose: string;
  readonly budget: Budget;
  readonly tally: Tally;
}

const noChecks: readonly BudgetCheck[] = [];

function budgetsOf(
  levels: readonly Level[],
  models: readonly ModelPlace[],
): readonly BudgetCheck[] {
  let checks: BudgetCheck[] | null = null;
  for (const { whose, limits, tally } of levels) {
    if (limits.budget !== null) (checks ??= []).push({ whose, budget: limits.budget, tally });
  }
  for (const { whose, budget, tally } of models) {
    if (budget !== null) (checks ??= []).push({ whose, budget, tally });
  }
  return checks ?? noChecks;
}
