import { Link } from "wouter";
import { rootPath, useApi } from "../../api.ts";
import { curlToChange } from "../../curl.ts";
import { count } from "../../format.ts";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { ProgressBar, Skeleton } from "../../parts/progress.tsx";
import { Relative } from "../../parts/relative.tsx";
import {
  budgetHref,
  type BudgetReply,
  type BudgetsReply,
  kindText,
  nearEnd,
  usedText,
} from "../../budgets.ts";

/** Budgets of which 80 % or more is used. */
export function BudgetsCard() {
  const { data, error, reload } = useApi<BudgetsReply>("/health/budgets", {}, { every: 30_000 });
  if (error !== undefined) {
    return (
      <ErrorNote error={error} what="The budgets could not be read." retry={() => void reload()} />
    );
  }
  return (
    <Card title="Budgets near their end">
      {data === undefined ? <Skeleton lines={3} /> : <Budgets reply={data} />}
    </Card>
  );
}

function Budgets({ reply: { budgets, total, complete } }: { readonly reply: BudgetsReply }) {
  if (total === 0) return <NoBudgets />;
  const near = nearEnd(budgets);
  return (
    <>
      <p className="muted">
        {near.length === 0
          ? `${allUnder(total)} The fullest:`
          : `80 % or more is used of ${count(near.length)} of ${count(total)} budgets; what is on hold counts.`}
        {!complete &&
          " More keys have budgets than were looked at: those are the smallest budgets and the keys that spent most."}
      </p>
      <ul className="spend-budgets">
        {(near.length === 0 ? budgets.slice(0, 3) : near).map((budget) => (
          <Budget key={`${budget.kind} ${budget.id}`} budget={budget} />
        ))}
      </ul>
    </>
  );
}

function allUnder(total: number): string {
  if (total === 1) return "None. The only budget is under 80 %.";
  return total === 2
    ? "None. Both budgets are under 80 %."
    : `None. All ${count(total)} budgets are under 80 %.`;
}

function Budget({ budget }: { readonly budget: BudgetReply }) {
  const { kind, name, spend, held, max_budget: max, budget_reset_at: resetAt } = budget;
  const href = budgetHref(budget);
  return (
    <li className="spend-budget">
      <div className="spend-budget-head">
        <Badge kind="neutral">{kindText(kind)}</Badge>
        {href === null ? <strong>{name}</strong> : <Link href={href}>{name}</Link>}
        <span className="muted">
          {resetAt === null ? (
            "never starts anew"
          ) : (
            <>
              starts anew <Relative at={resetAt} />
            </>
          )}
        </span>
      </div>
      <ProgressBar
        value={spend + held}
        max={max}
        label={`Budget of ${name}`}
        text={usedText(budget)}
      />
    </li>
  );
}

function NoBudgets() {
  const body = { key_alias: "my-app", max_budget: 10, budget_duration: "30d" };
  const command = curlToChange(location.origin + rootPath, "/key/generate", body);
  return (
    <EmptyState
      title="Nobody has a budget."
      text="Give a key, a team or a route a max_budget: it is refused what would go beyond."
    >
      <CodeBlock text={command} label="A key with a budget of $10 each month" wrap />
    </EmptyState>
  );
}
