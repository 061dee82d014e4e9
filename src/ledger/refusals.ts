import { periodAt } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";
import type { Budget } from "../core/limits.ts";
import { type NanoUsd, usdOfNano } from "../core/money.ts";
import type { Tally } from "./tally.ts";

/** `rate_limited`: so many per minute are allowed to `whose`. `freeIn`: seconds, or null where it never fits. */
export function rateRefusal(
  whose: string,
  what: "requests" | "tokens",
  { limit, needed, freeIn }: { limit: number; needed: number; freeIn: number | null },
): GatewayError {
  if (freeIn === null) {
    const detail = `This request needs ${needed} ${what}; ${whose} may use ${limit} a minute.`;
    return new GatewayError("rate_limited", { detail, headers: { "x-should-retry": "false" } });
  }
  const detail = `The limit of ${whose} is ${limit} ${what} a minute; it frees in ${freeIn} s.`;
  return new GatewayError("rate_limited", {
    detail,
    headers: {
      "retry-after": String(freeIn),
      [`x-ratelimit-limit-${what}`]: String(limit),
      [`x-ratelimit-remaining-${what}`]: "0",
      [`x-ratelimit-reset-${what}`]: `${freeIn}s`,
    },
  });
}

/** `parallel_limited`. Nobody knows when a call ends: a second is a fair time to ask again. */
export function parallelRefusal(whose: string, limit: number): GatewayError {
  const detail = `The limit of ${whose} is ${limit}; it frees when one of them ends.`;
  return new GatewayError("parallel_limited", { detail, headers: { "retry-after": "1" } });
}

/** `budget_exceeded`; `now` is the wall clock's. */
export function budgetRefusal(
  whose: string,
  { tally, budget, hold }: { tally: Tally; budget: Budget; hold: NanoUsd },
  now: number,
): GatewayError {
  const { maxNanoUsd, period } = budget;
  const spent = `$${usdOfNano(tally.spentNanoUsd)} spent`;
  const held = tally.heldNanoUsd === 0 ? "" : ` and $${usdOfNano(tally.heldNanoUsd)} on hold`;
  const sum = `${spent}${held} of $${usdOfNano(maxNanoUsd)}; this call needs $${usdOfNano(hold)}.`;
  const headers: Record<string, string> = { "x-should-retry": "false" };
  let frees = "It does not come back by itself.";
  if (period !== null) {
    // A clock that was put back does not bring the last period back.
    const { end } = periodAt(period, Math.max(now, tally.periodStart));
    frees = `It begins anew at ${new Date(end).toISOString()}.`;
    headers["retry-after"] = String(Math.max(1, Math.ceil((end - now) / 1000)));
  }
  return new GatewayError("budget_exceeded", {
    detail: `The budget of ${whose}: ${sum} ${frees}`,
    headers,
  });
}
