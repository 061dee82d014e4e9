import type { KeyRecord, Principal } from "../../src/core/key-record.ts";
import type { Need, Seat } from "../../src/core/ledger.ts";
import { noLimits } from "../../src/core/limits.ts";
import type { Route } from "../../src/core/routes.ts";
import type { CallRecord } from "../../src/core/types.ts";
import { LocalLedger } from "../../src/ledger/ledger.ts";
import { Levels } from "../../src/ledger/levels.ts";
import type { CallSeat, LedgerRules } from "../../src/ledger/seat.ts";
import { TallyBook } from "../../src/ledger/tally.ts";
import { route } from "../core/route.ts";
import { openJournal, type TestJournal } from "./open-journal.ts";

export interface OpenLedger extends TestJournal {
  readonly ledger: LocalLedger;
  readonly book: TallyBook;
  readonly seats: Set<CallSeat>;
}

export interface LedgerSettings extends Partial<LedgerRules> {
  readonly overlong?: () => boolean;
  readonly softBudgetReached?: (key: KeyRecord, spentNanoUsd: number) => void;
}

export const holds = { defaultNanoUsd: 9, minNanoUsd: 1, maxNanoUsd: 1_000 };

/** A ledger over a journal in `folder`. */
export function openLedger(folder: string, settings: LedgerSettings = {}): OpenLedger {
  const seats = new Set<CallSeat>();
  const opened = openJournal(folder, {
    carryOver: () => [...seats].flatMap(({ openText }) => openText ?? []),
  });
  const book = new TallyBook(() => null);
  const { overlong = () => false, softBudgetReached = () => {} } = settings;
  const rules = { ...holds, openWhenUnavailable: false, ...settings };
  const { journal } = opened;
  const levels = new Levels(book, () => noLimits);
  const own = { book, levels, journal, seats, overlong, softBudgetReached };
  const ledger = new LocalLedger({ ...own, rules: () => rules });
  return { ...opened, ledger, book, seats, [Symbol.dispose]: () => ledger.close() };
}

export const notes = { tags: ["team-a"], endUser: "eve", metadata: null, userAgent: "curl/8" };

export function principalOf(key: KeyRecord): Principal {
  return { kind: "key", key, team: null };
}

/** A route whose calls have this price. */
export function priced(costNanoUsd: number | null): Route {
  return route({ path: "/search", costNanoUsd });
}

export function needOf(callId: string, parts: Partial<Need> = {}): Need {
  return {
    callId,
    startedAt: Date.now(),
    method: "POST",
    models: [],
    model: null,
    tokens: 0,
    costNanoUsd: null,
    ...parts,
  };
}

/** How a call ended. */
export function recordOf(
  id: string,
  parts: Partial<CallRecord> & Pick<CallRecord, "principal">,
): CallRecord {
  return {
    id,
    route: priced(null),
    notes,
    method: "POST",
    status: 200,
    error: null,
    model: null,
    provider: null,
    usage: null,
    costNanoUsd: 0,
    unpriced: null,
    estimated: false,
    isStream: false,
    startedAt: Date.now(),
    firstByteMs: 1,
    durationMs: 2,
    overheadMs: 1,
    bytesIn: 3,
    bytesOut: 4,
    ...parts,
  };
}

/** The code of the refusal, or `sent`. */
export async function outcomeOf(seat: Seat, need: Need): Promise<string> {
  try {
    await seat.reserve(need, notes);
    return "sent";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}
