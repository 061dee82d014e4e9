import type { KeyBook } from "./core/key-book.ts";
import { keyScope, teamScope } from "./core/journal.ts";
import { usdOfNano } from "./core/money.ts";
import type { Standings } from "./core/spend.ts";
import type { MetricsText } from "./http/metrics.ts";
import type { CallMetrics } from "./metrics/call-metrics.ts";
import type { ProcessState } from "./metrics/process-metrics.ts";

/** What metrics are made of, beside the calls. */
export interface MetricsParts {
  readonly state: ProcessState;
  readonly book: Pick<KeyBook, "key" | "team">;
  readonly standings: Standings;
}

/** The text of a scrape; the library that writes it is read at the first one. */
export function openMetrics(calls: CallMetrics, parts: MetricsParts): MetricsText {
  let exposition: Promise<MetricsText> | null = null;
  const load = async (): Promise<MetricsText> => {
    const { createExposition, expositionType } = await import("./metrics/exposition.ts");
    const text = createExposition(calls, parts.state, budgetLeft.bind(null, parts));
    return async () => ({ text: await text(), type: expositionType });
  };
  return async () => (await (exposition ??= load()))();
}

function budgetLeft(
  { book, standings }: MetricsParts,
  kind: "key" | "team",
  id: string,
): number | null {
  const budget = (kind === "key" ? book.key(id) : book.team(id))?.limits.budget ?? null;
  if (budget === null) return null;
  const scope = kind === "key" ? keyScope(id) : teamScope(id);
  const { spentNanoUsd, heldNanoUsd } = standings.standing(scope, budget);
  return usdOfNano(Math.max(0, budget.maxNanoUsd - spentNanoUsd - heldNanoUsd));
}
