import { GatewayError } from "../../src/core/errors.ts";
import type { KeyRecord, TeamRecord } from "../../src/core/key-record.ts";
import type { Need } from "../../src/core/ledger.ts";
import { type Limits, noLimits } from "../../src/core/limits.ts";
import type { Route } from "../../src/core/routes.ts";
import { Places } from "../../src/ledger/admission.ts";
import { type Level, Levels } from "../../src/ledger/levels.ts";
import { tickNow } from "../../src/ledger/rate-window.ts";
import { TallyBook, type Tally } from "../../src/ledger/tally.ts";
import { route } from "../core/route.ts";
import { key } from "./parts.ts";

export interface Caller {
  readonly key?: KeyRecord;
  readonly team?: TeamRecord | null;
  readonly route?: Route;
}

/** A ledger's counters, with nothing around them. */
export interface Hall {
  readonly book: TallyBook;
  levels(caller: Caller): Level[];
  /** Both steps of an admission; gives back what the first took where the second refuses. */
  enter(caller: Caller, need?: Partial<Need>, costNanoUsd?: number | null): Places;
}

export const anyKey = key("k");
export const anyRoute = route({ path: "/search" });
export const defaultHold = 9;

export function hall(everybody: Limits = noLimits): Hall {
  const book = new TallyBook(() => null);
  const levels = new Levels(book, () => everybody);
  const levelsOf = (caller: Caller) => {
    const { key: own = anyKey, team = null, route: to = anyRoute } = caller;
    return levels.of({ kind: "key", key: own, team }, to);
  };
  return {
    book,
    levels: levelsOf,
    enter: (caller, need = {}, costNanoUsd = null) => {
      const places = new Places(levelsOf(caller));
      try {
        reserve(places, need, costNanoUsd);
      } catch (error) {
        places.giveBack();
        throw error;
      }
      return places;
    },
  };
}

export function reserve(places: Places, need: Partial<Need>, costNanoUsd: number | null): void {
  const whole: Need = {
    callId: "c",
    startedAt: Date.now(),
    method: "POST",
    models: [],
    model: null,
    tokens: 0,
    costNanoUsd: null,
    ...need,
  };
  places.reserve(whole, costNanoUsd ?? defaultHold, () => {});
}

/** The refusal, which has to come. */
export function refusalOf(enter: () => unknown): GatewayError {
  try {
    enter();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error("it was let in");
}

/** All that a tally can hold. */
export function usedOf(tally: Tally): object {
  const tick = tickNow();
  return {
    spent: tally.spentNanoUsd,
    held: tally.heldNanoUsd,
    calls: tally.calls,
    requests: tally.requests?.used(tick) ?? 0,
    tokens: tally.tokens?.used(tick) ?? 0,
  };
}

export const nothing = { spent: 0, held: 0, calls: 0, requests: 0, tokens: 0 };

/** Waits for the next tick of the windows. */
export async function nextTick(): Promise<void> {
  const now = tickNow();
  while (tickNow() === now) await Bun.sleep(10);
}
