import { GatewayError } from "../core/errors.ts";
import type { JournalEntry } from "../core/journal.ts";
import type { KeyRecord, Principal } from "../core/key-record.ts";
import type { LimitHeaders, Need, Seat } from "../core/ledger.ts";
import { type NanoUsd, usdOfNano } from "../core/money.ts";
import type { Route } from "../core/routes.ts";
import type { CallNotes, CallRecord } from "../core/types.ts";
import { tokensIn } from "../core/usage.ts";
import { holdOf, type HoldRules, Places } from "./admission.ts";
import { bootMs } from "./boot-clock.ts";
import { encodeEntry } from "./format.ts";
import type { Journal } from "./journal.ts";
import { type Level, type Levels, needsCost, needsModel, needsTokens } from "./levels.ts";
import { type Mirrored, mirrored } from "./mirrored.ts";
import { tickNow } from "./rate-window.ts";
import { openRow } from "./rows.ts";
import type { CallUnderWay, Granted, Successor } from "./successor.ts";
import type { Tally, TallyBook } from "./tally.ts";

/** What a reload may change. */
export interface LedgerRules extends HoldRules {
  /** `allow_requests_on_db_unavailable`: a budget does not stop calls that cannot be written down. */
  readonly openWhenUnavailable: boolean;
}

export interface SeatParts {
  readonly levels: Levels;
  readonly book: TallyBook;
  readonly journal: Journal;
  readonly rules: () => LedgerRules;
  /** The journal is as long as it may become. */
  readonly overlong: () => boolean;
  /** Calls under way. */
  readonly seats: Set<CallSeat>;
  /** Null while this process decides; resolves with null where the one that wanted to take over did not. */
  readonly successor: () => Promise<Successor | null> | null;
  /** Told once when a key's spend reaches its soft budget: nothing is refused for it. */
  readonly softBudgetReached: (key: KeyRecord, spentNanoUsd: NanoUsd) => void;
}

/** One call's seat: in this process's counters, or in those of the process that has taken over. */
export class CallSeat implements Seat {
  readonly needsModel: boolean;
  readonly needsTokens: boolean;
  readonly needsCost: boolean;
  readonly #principal: Principal;
  readonly #route: Route;
  readonly #levels: readonly Level[];
  readonly #parts: SeatParts;
  /** Null once they were given up for a successor's. */
  #places: Places | null;
  /** In their place: what a successor gave. */
  #mirrored: Mirrored | null = null;
  #granted: Granted | null = null;
  #callId: string | null = null;
  #mayBeSent = false;
  #openText: string | null = null;

  constructor(principal: Principal, route: Route, parts: SeatParts) {
    this.#principal = principal;
    this.#route = route;
    this.#parts = parts;
    this.#levels = parts.levels.of(principal, route);
    this.needsModel = needsModel(this.#levels);
    this.needsTokens = needsTokens(this.#levels);
    this.needsCost = needsCost(this.#levels);
    this.#places = parts.successor() === null ? new Places(this.#levels) : null;
    parts.seats.add(this);
  }

  /** The call's open record, once it was handed to the journal; else null. */
  get openText(): string | null {
    return this.#openText;
  }

  get holdNanoUsd(): NanoUsd {
    const granted = this.#granted;
    if (granted !== null && granted.hasBudget) return granted.holdNanoUsd;
    return holdOf(this.#route.costNanoUsd, null, this.#parts.rules());
  }

  /** For a successor: the call, where it has places of this process that are granted; else null. */
  get underWay(): CallUnderWay | null {
    if (this.#mirrored !== null) return this.#mirrored.call;
    return this.#callId === null ? null : (this.#places?.underWay(this.#callId) ?? null);
  }

  async reserve(need: Need, notes: CallNotes): Promise<void> {
    const { journal, rules, overlong, successor } = this.#parts;
    const granted = successor() === null ? this.#take(need) : await this.#ask(need);
    this.#granted = granted;
    this.#callId = need.callId;
    const { holdNanoUsd, hasBudget, modelScopes } = granted;
    const caller = { principal: this.#principal, route: this.#route, notes };
    const text = encodeEntry({
      kind: "open",
      row: openRow(need, caller, hasBudget ? holdNanoUsd : this.#route.costNanoUsd),
      bootMs: Math.round(bootMs()),
      tokens: need.tokens,
      modelScopes,
    });
    this.#openText = text;
    journal.append(text);
    const isWritten = (await journal.written()) && !overlong();
    if (!isWritten && hasBudget && !rules().openWhenUnavailable) {
      throw new GatewayError("ledger_unavailable", { headers: { "retry-after": "5" } });
    }
    this.#mayBeSent = true;
  }

  headers(): LimitHeaders {
    const [level] = this.#levels;
    if (this.#principal.kind !== "key" || level === undefined) return noHeaders;
    return limitHeaders(level);
  }

  modelScopes(): readonly string[] {
    return this.#granted === null ? noScopes : this.#granted.modelScopes;
  }

  /** A successor begins to decide: a call that was not sent yet will ask it for its places. */
  vacate(): void {
    if (this.#granted !== null) return;
    this.#places?.giveBack();
    this.#places = null;
  }

  /** The call ended: exactly once, by the record that ends once. */
  leave(record: CallRecord): void {
    const { seats, successor } = this.#parts;
    seats.delete(this);
    const cost = this.#mayBeSent ? (record.costNanoUsd ?? 0) : null;
    const own = this.#mirrored ?? this.#places;
    const tokens = usedTokens(record);
    if (cost === null) own?.giveBack();
    else own?.settle(cost, tokens);
    if (cost !== null) this.#tellSoftBudget(cost);
    const next = this.#granted === null ? null : successor();
    if (next !== null) void next.then((other) => other?.report(record.id, cost, tokens));
  }

  #tellSoftBudget(costNanoUsd: NanoUsd): void {
    const principal = this.#principal;
    if (principal.kind !== "key" || principal.key.softBudgetNanoUsd === null) return;
    const soft = principal.key.softBudgetNanoUsd;
    const spent = this.#levels[0]?.tally.spentNanoUsd ?? 0;
    if (spent >= soft && spent - costNanoUsd < soft) {
      this.#parts.softBudgetReached(principal.key, spent);
    }
  }

  #take(need: Need): Granted {
    const { journal, rules } = this.#parts;
    const places = (this.#places ??= new Places(this.#levels));
    const hold = holdOf(this.#route.costNanoUsd, need.costNanoUsd, rules());
    places.reserve(need, hold, (tally) => journal.append(encodeEntry(periodOf(tally))));
    return places.granted();
  }

  async #ask(need: Need): Promise<Granted> {
    const next = await this.#parts.successor();
    const granted = (await next?.reserve(this.#principal, this.#route, need)) ?? null;
    if (granted === null) return this.#take(need);
    this.#mirrored = mirrored(granted, need, this.#levels, this.#parts.book);
    return granted;
  }
}

/** Null where nobody counted tokens; what the upstream refused used none. */
function usedTokens({ usage, error, status }: CallRecord): number | null {
  if (usage === null && error === null && status >= 400) return 0;
  if (usage === null || (usage.input === undefined && usage.output === undefined)) return null;
  return Math.ceil(tokensIn(usage));
}

/** As the journal keeps the beginning of a period. */
export function periodOf({ scope, periodStart, spentNanoUsd }: Tally): JournalEntry {
  return { kind: "period", scope, start: periodStart, spentNanoUsd };
}

const noHeaders: LimitHeaders = {};
const noScopes: readonly string[] = [];

function limitHeaders({ limits, tally }: Level): LimitHeaders {
  const { rpm, tpm, budget } = limits;
  const headers: Record<string, string> = {
    "x-litellm-key-spend": String(usdOfNano(tally.spentNanoUsd)),
  };
  if (budget !== null) headers["x-litellm-key-max-budget"] = String(usdOfNano(budget.maxNanoUsd));
  const tick = rpm === null && tpm === null ? 0 : tickNow();
  if (rpm !== null) {
    headers["x-litellm-key-rpm-limit"] = String(rpm);
    headers["x-ratelimit-limit-requests"] = String(rpm);
    headers["x-ratelimit-remaining-requests"] = left(rpm, tally.requestWindow(tick).used(tick));
  }
  if (tpm !== null) {
    headers["x-litellm-key-tpm-limit"] = String(tpm);
    headers["x-ratelimit-limit-tokens"] = String(tpm);
    headers["x-ratelimit-remaining-tokens"] = left(tpm, tally.tokenWindow(tick).used(tick));
  }
  return headers;
}

function left(limit: number, used: number): string {
  return String(Math.max(0, limit - used));
}
