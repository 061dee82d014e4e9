import type { PayerShape } from "../../http/payer-shape.ts";
import { usd } from "../format.ts";
import { Card } from "../parts/card.tsx";
import { Money } from "../parts/money.tsx";
import { ProgressBar } from "../parts/progress.tsx";
import { Stat, StatRow } from "../parts/stat.tsx";
import { Relative } from "../parts/relative.tsx";
import { Time } from "../parts/time.tsx";
import { BudgetBar } from "./budget-bar.tsx";

export interface BudgetCardProps {
  readonly payer: PayerShape;
  /** USD; of keys. */
  readonly softBudget?: number | null;
}

/** What was spent, what is on hold, and how much of each budget that is. */
export function BudgetCard({ payer, softBudget = null }: BudgetCardProps) {
  const models = Object.entries(payer.model_max_budget);
  const isOver = softBudget !== null && payer.spend >= softBudget;
  return (
    <Card title="Budget">
      <StatRow>
        <Stat
          label={payer.budget_duration === null ? "Spent in all" : "Spent in this period"}
          value={<Money usd={payer.spend} />}
        />
        <Stat label="On hold" value={<Money usd={payer.held} />} hint="for calls under way" />
        <Stat
          label="Budget"
          value={payer.max_budget === null ? "none" : <Money usd={payer.max_budget} />}
          {...(payer.budget_duration === null ? {} : { hint: `per ${payer.budget_duration}` })}
        />
        {payer.budget_reset_at !== null && (
          <Stat
            label="Resets"
            value={<Relative at={payer.budget_reset_at} />}
            hint={<Time at={payer.budget_reset_at} />}
          />
        )}
      </StatRow>
      {payer.max_budget !== null && <BudgetBar payer={payer} label="Budget" />}
      {isOver && (
        <div className="note note-warn" role="status">
          <p>Spend has reached the {usd(softBudget)} from which on a warning was asked for.</p>
        </div>
      )}
      {models.map(([model, { budget_limit: most, time_period: period }]) => (
        <div key={model} className="payer-model-budget">
          <span className="mono break">{model}</span>
          <ProgressBar
            value={payer.model_spend[model] ?? 0}
            max={most}
            label={`Budget for ${model}`}
            text={`${usd(payer.model_spend[model] ?? null)} of ${usd(most)} ${period === null ? "in all" : `in ${period}`}`}
          />
        </div>
      ))}
    </Card>
  );
}
