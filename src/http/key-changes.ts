import { after, parseDuration } from "../core/duration.ts";
import type { KeyChanges } from "../core/key-book.ts";
import type { KeyRecord } from "../core/key-record.ts";
import { nanoOfUsd, type NanoUsd } from "../core/money.ts";
import { refuse } from "./field-faults.ts";
import type { KeyFields } from "./key-fields.ts";
import { payerChanges, settled } from "./payer-changes.ts";

/** What a request's fields make of a key, or of a new one. `now`: epoch milliseconds. Throws `request_invalid`. */
export function keyChanges(fields: KeyFields, current: KeyRecord | null, now: number): KeyChanges {
  const payer = payerChanges(fields, current);
  const softBudgetNanoUsd = softBudget(fields, current);
  const most = payer.limits.budget?.maxNanoUsd ?? null;
  if (softBudgetNanoUsd !== null && most !== null && softBudgetNanoUsd > most) {
    throw refuse(["soft_budget: more than max_budget is never reached."]);
  }
  return {
    ...payer,
    alias: settled(fields.key_alias, current?.alias ?? null, null),
    teamId: settled(fields.team_id, current?.teamId ?? null, null),
    userId: settled(fields.user_id, current?.userId ?? null, null),
    role: settled(fields.user_role, current?.role ?? null, null),
    expiresAt: expiry(fields.duration, current, now),
    softBudgetNanoUsd,
  };
}

function softBudget({ soft_budget }: KeyFields, current: KeyRecord | null): NanoUsd | null {
  if (soft_budget === undefined) return current?.softBudgetNanoUsd ?? null;
  return soft_budget === null ? null : nanoOfUsd(soft_budget);
}

function expiry(
  written: string | null | undefined,
  current: KeyRecord | null,
  now: number,
): number | null {
  if (written === undefined) return current?.expiresAt ?? null;
  const duration = written === null ? null : parseDuration(written);
  return duration === null ? null : after(duration, now); // -1 is LiteLLM's word for no end
}
