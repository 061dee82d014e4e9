import { capital, usd } from "./format.ts";
import { keyHref, routeHref, teamHref } from "./hrefs.ts";

/** A budget of `GET /health/budgets`. */
export interface BudgetReply {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly max_budget: number;
  readonly spend: number;
  readonly held: number;
  readonly budget_duration: string | null;
  readonly budget_reset_at: string | null;
  /** Of what is spent and held. */
  readonly share: number;
}

export interface BudgetsReply {
  readonly budgets: readonly BudgetReply[];
  readonly total: number;
  readonly complete: boolean;
}

/** From here on a budget is near its end. */
const near = 0.8;

/** Those near their end, in the API's order: the fullest first. */
export function nearEnd(budgets: readonly BudgetReply[]): BudgetReply[] {
  return budgets.filter(({ share }) => share >= near);
}

/** `$4.20 of $5.00, $0.10 of it on hold`. */
export function usedText({ spend, held, max_budget: max }: BudgetReply): string {
  const used = `${usd(Math.round((spend + held) * 1e9) / 1e9)} of ${usd(max)}`;
  return held > 0 ? `${used}, ${usd(held)} of it on hold` : used;
}

/** Where the budget can be changed; null for one of the config file. */
export function budgetHref({ kind, id }: BudgetReply): string | null {
  if (kind === "key") return keyHref(id);
  if (kind === "team") return teamHref(id);
  return kind === "route" ? routeHref(id) : null;
}

/** `Key`, `Team`, … */
export function kindText(kind: string): string {
  return kind === "everybody" ? "All together" : capital(kind);
}
