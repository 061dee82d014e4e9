import type { PayerShape } from "../../http/payer-shape.ts";
import { ProgressBar } from "../parts/progress.tsx";
import { budgetText, takenUsd } from "./limits-text.ts";

export interface BudgetBarProps {
  readonly payer: Pick<
    PayerShape,
    "spend" | "held" | "max_budget" | "budget_duration" | "budget_reset_at"
  >;
  readonly label: string;
}

/** How much of a budget is gone, with what is on hold; in words, too. */
export function BudgetBar({ payer, label }: BudgetBarProps) {
  const text = budgetText(payer, Date.now());
  if (text === null || payer.max_budget === null) return <span className="muted">none</span>;
  return (
    <div className="payer-budget">
      <ProgressBar value={takenUsd(payer)} max={payer.max_budget} label={label} text={text} />
    </div>
  );
}
