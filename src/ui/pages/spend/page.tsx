import "./spend.css";
import { useSearchParams } from "wouter";
import { PageHeader } from "../../parts/page-header.tsx";
import { BudgetsCard } from "./budgets-card.tsx";
import { Picker } from "./picker.tsx";
import { daysOf, readSpendQuery, type SpendQuery, writeSpendQuery } from "./query.ts";
import { SpendOf } from "./spend-of.tsx";
import { UnpricedCard } from "./unpriced-card.tsx";

/** What was spent, by whom and on what; what has no price, and budgets near their end. */
export function SpendPage() {
  const [params, setParams] = useSearchParams();
  const query = readSpendQuery(params);
  const days = daysOf(query, Date.now());
  const change = (part: Partial<SpendQuery>) =>
    setParams(writeSpendQuery({ ...query, ...part }), { replace: true });
  return (
    <>
      <PageHeader
        title="Spend"
        description="Whole days in UTC. Calls that were deleted from the logs still count."
      />
      <Picker query={query} change={change} isBackwards={days === null} />
      {days !== null && (
        <SpendOf
          key={`${days.first} ${days.last} ${query.group}`}
          days={days}
          query={query}
          change={change}
        />
      )}
      <BudgetsCard />
      {days !== null && <UnpricedCard key={`${days.first} ${days.last}`} days={days} />}
    </>
  );
}
