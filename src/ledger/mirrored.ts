import type { Need } from "../core/ledger.ts";
import type { Level } from "./levels.ts";
import { type Foreign, foreignOf } from "./predecessor.ts";
import { tickNow } from "./rate-window.ts";
import type { CallUnderWay, Granted } from "./successor.ts";
import type { Tally, TallyBook } from "./tally.ts";

/** A call that the process which has taken over let through. */
export interface Mirrored extends Foreign {
  readonly call: CallUnderWay;
}

/** Counts it in this process too: should the other one die, this one goes on, and its counters are whole. */
export function mirrored(
  { holdNanoUsd, modelScopes }: Granted,
  need: Need,
  levels: readonly Level[],
  book: TallyBook,
): Mirrored {
  const ofLevels = levels.map(({ tally }) => tally.scope);
  const budgeted = levels.filter(({ limits }) => limits.budget !== null);
  const call: CallUnderWay = {
    id: need.callId,
    holdNanoUsd,
    levels: ofLevels,
    scopes: [...ofLevels, ...modelScopes],
    held: [...budgeted.map(({ tally }) => tally.scope), ...modelScopes],
  };
  const tick = tickNow();
  for (const { limits, tally } of levels) {
    tally.calls += 1;
    if (limits.rpm !== null) tally.requestWindow(tick).take(tick, 1);
    if (limits.tpm !== null) tally.tokenWindow(tick).take(tick, need.tokens);
  }
  for (const scope of modelScopes) count(book.of(scope), tick, need.tokens);
  for (const scope of call.held) book.of(scope).heldNanoUsd += holdNanoUsd;
  return { ...foreignOf(call, book), call };
}

function count(tally: Tally, tick: number, tokens: number): void {
  tally.requestWindow(tick).take(tick, 1);
  if (tokens > 0) tally.tokenWindow(tick).take(tick, tokens);
}
