import type { PayerShape } from "../../http/payer-shape.ts";
import { count, relativeTime, usd } from "../format.ts";

type Limited = Pick<PayerShape, "rpm_limit" | "tpm_limit" | "max_parallel_requests">;

type Budgeted = Pick<
  PayerShape,
  "spend" | "held" | "max_budget" | "budget_duration" | "budget_reset_at"
>;

/** Limits in words, one by one: `600 requests/min`, `10,000 tokens/min`, `4 at once`. */
export function limitWords(payer: Limited): readonly string[] {
  const { rpm_limit: rpm, tpm_limit: tpm, max_parallel_requests: parallel } = payer;
  return [
    ...(rpm === null ? [] : [`${counted(rpm, "request")}/min`]),
    ...(tpm === null ? [] : [`${counted(tpm, "token")}/min`]),
    ...(parallel === null ? [] : [`${count(parallel)} at once`]),
  ];
}

function counted(amount: number, word: string): string {
  return `${count(amount)} ${word}${amount === 1 ? "" : "s"}`;
}

/** `$1.20 of $5.00 in 30d, resets in 9 d`; null where there is no budget. `now`: epoch milliseconds. */
export function budgetText(payer: Budgeted, now: number): string | null {
  const { spend, held, max_budget: most, budget_duration: period, budget_reset_at: end } = payer;
  if (most === null) return null;
  return [
    `${usd(spend)} of ${usd(most)} ${period === null ? "in all" : `in ${period}`}`,
    ...(held > 0 ? [`${usd(held)} more on hold`] : []),
    ...(end === null ? [] : [`resets ${relativeTime(end, now)}`]),
  ].join(", ");
}

/** `$5.00 per 30d`, `$5.00 in all`. */
export function budgetOf(most: number | null, period: string | null): string {
  if (most === null) return "none";
  return `${usd(most)} ${period === null ? "in all" : `per ${period}`}`;
}

/** What counts against the budget: what was spent, and what calls under way have on hold. To the nano-dollar. */
export function takenUsd({ spend, held }: Pick<PayerShape, "spend" | "held">): number {
  return (Math.round(spend * 1e9) + Math.round(held * 1e9)) / 1e9;
}
