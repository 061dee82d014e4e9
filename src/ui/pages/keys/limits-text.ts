import type { PayerShape } from "../../../http/payer-shape.ts";
import { count, day, relativeTime, usd } from "../../format.ts";
import type { BadgeKind } from "../../parts/badge.tsx";
import type { KeyReply } from "../../replies.ts";

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

const soonMs = 3 * 86_400_000;

/** When a key ends, and whether that is soon (within 3 days) or was. */
export function expiryOf(
  expires: string | null,
  now: number,
): { readonly text: string; readonly isSoon: boolean; readonly isOver: boolean } {
  if (expires === null) return { text: "never", isSoon: false, isOver: false };
  const left = Date.parse(expires) - now;
  const text = left > 60 * 86_400_000 ? day(expires) : relativeTime(expires, now);
  return { text, isSoon: left < soonMs, isOver: left <= 0 };
}

export interface KeyState {
  readonly kind: BadgeKind;
  readonly text: string;
}

/** Whether a key is let in, and what it may; the first says the most. */
export function statesOf(
  key: Pick<KeyReply, "blocked" | "expires" | "user_role" | "spend" | "soft_budget">,
  now: number,
  isTeamBlocked = false,
): readonly KeyState[] {
  const states: KeyState[] = [];
  if (key.blocked) states.push({ kind: "bad", text: "blocked" });
  if (expiryOf(key.expires, now).isOver) states.push({ kind: "bad", text: "expired" });
  if (isTeamBlocked) states.push({ kind: "bad", text: "team blocked" });
  if (states.length === 0) states.push({ kind: "ok", text: "active" });
  if (isPastWarning(key)) states.push({ kind: "warn", text: "spend high" });
  if (key.user_role === "proxy_admin") states.push({ kind: "warn", text: "admin" });
  return states;
}

/** Whether a key has spent what a warning was asked for. */
export function isPastWarning(key: Pick<KeyReply, "spend" | "soft_budget">): boolean {
  return key.soft_budget !== null && key.spend >= key.soft_budget;
}

/** What a reader calls a key. */
export function keyTitle({ key_alias: alias, key_name: name }: NamedKey): string {
  return alias ?? name;
}

type NamedKey = Pick<KeyReply, "key_alias" | "key_name">;

/** What is typed to revoke it: its alias, where that can be typed. */
export function keyWord({ key_alias: alias, key_name: name }: NamedKey): string {
  return typable(alias, name);
}

/** A name that a keyboard has, and else the other one. */
export function typable(name: string | null, other: string): string {
  return name !== null && /^[!-~](?:[ -~]{0,58}[!-~])?$/.test(name) && !name.includes("  ")
    ? name
    : other;
}
