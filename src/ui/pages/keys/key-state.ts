import { day, relativeTime } from "../../format.ts";
import type { BadgeKind } from "../../parts/badge.tsx";
import type { KeyReply } from "../../replies.ts";

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
function isPastWarning(key: Pick<KeyReply, "spend" | "soft_budget">): boolean {
  return key.soft_budget !== null && key.spend >= key.soft_budget;
}
