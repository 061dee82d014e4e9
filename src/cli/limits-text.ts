import type { Duration } from "../core/duration.ts";
import type { Limits } from "../core/limits.ts";
import { type NanoUsd, usdOfNano } from "../core/money.ts";

/** Limits in short, for people: `60 requests/min, 4 at once, $10 per 30d`; empty where there are none. */
export function limitsText({ rpm, tpm, parallel, budget }: Limits): string {
  const parts: string[] = [];
  if (rpm !== null) parts.push(`${rpm} requests/min`);
  if (tpm !== null) parts.push(`${tpm} tokens/min`);
  if (parallel !== null) parts.push(`${parallel} at once`);
  if (budget !== null) {
    const period = budget.period === null ? "in all" : `per ${durationText(budget.period)}`;
    parts.push(`${usdText(budget.maxNanoUsd)} ${period}`);
  }
  return parts.join(", ");
}

/** `$0.002`, never `$2e-3`. */
export function usdText(nano: NanoUsd): string {
  return `$${usdOfNano(nano)
    .toFixed(9)
    .replace(/\.?0+$/, "")}`;
}

const units = [
  ["w", 604_800_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

function durationText(duration: Duration): string {
  if (duration.kind === "months") return `${duration.months}mo`;
  const [unit, ms] = units.find(([, each]) => duration.ms % each === 0) ?? ["ms", 1];
  return `${duration.ms / ms}${unit}`;
}
