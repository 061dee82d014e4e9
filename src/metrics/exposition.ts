import { Gauge, Registry } from "prom-client";
import { addCallCounters } from "./call-counters.ts";
import type { CallMetrics } from "./call-metrics.ts";
import { KeptHistogram } from "./kept-histogram.ts";
import type { CallLabels } from "./label-sets.ts";
import { addProcessMetrics, type ProcessState } from "./process-metrics.ts";

/** What is left of a key's or a team's budget in USD; null where it has none. */
export type BudgetLeft = (kind: "key" | "team", id: string) => number | null;

/** What `/metrics` says of its type. */
export const expositionType = Registry.PROMETHEUS_CONTENT_TYPE;

/** All metrics as Prometheus reads them (text format 0.0.4), at each call. Made at the first scrape: it reads a library. */
export function createExposition(
  calls: CallMetrics,
  state: ProcessState,
  budgetLeft: BudgetLeft,
): () => Promise<string> {
  const registry = new Registry();
  addCallCounters(registry, calls);
  addLatencies(registry, calls);
  addBudgets(registry, calls, budgetLeft);
  addProcessMetrics(registry, state);
  return () => registry.metrics();
}

function addLatencies(registry: Registry, { latencies }: CallMetrics): void {
  const kinds = [
    ["litellm_request_total_latency_metric", "Seconds that calls took.", "total"],
    ["litellm_llm_api_latency_metric", "Seconds spent waiting for the upstream.", "upstream"],
    ["litellm_llm_api_time_to_first_token_metric", "Seconds to the first byte.", "firstByte"],
    ["litellm_overhead_latency_metric", "Seconds spent here.", "overhead"],
  ] as const;
  for (const [name, help, kind] of kinds) {
    const kept = () => [...latencies].map(([route, own]) => [route, own[kind]] as const);
    new KeptHistogram(registry, name, help, kept);
  }
}

/** Of those that called. */
function addBudgets(registry: Registry, calls: CallMetrics, left: BudgetLeft): void {
  addBudget(registry, calls, {
    name: "litellm_remaining_api_key_budget_metric",
    labelNames: ["hashed_api_key", "api_key_alias"],
    idOf: ({ keyId }) => keyId,
    aliasOf: ({ keyAlias }) => keyAlias,
    left: (id) => left("key", id),
  });
  addBudget(registry, calls, {
    name: "litellm_remaining_team_budget_metric",
    labelNames: ["team", "team_alias"],
    idOf: ({ teamId }) => teamId,
    aliasOf: ({ teamAlias }) => teamAlias,
    left: (id) => left("team", id),
  });
}

interface BudgetGauge {
  readonly name: string;
  readonly labelNames: readonly [string, string];
  readonly idOf: (labels: CallLabels) => string;
  readonly aliasOf: (labels: CallLabels) => string;
  readonly left: (id: string) => number | null;
}

function addBudget(registry: Registry, { sums }: CallMetrics, of: BudgetGauge): void {
  const gauge: Gauge = new Gauge({
    name: of.name,
    help: "USD left of the budget's period.",
    labelNames: [...of.labelNames],
    registers: [registry],
    collect: () => {
      gauge.reset();
      const payers = [...sums.all()].map(
        ({ labels }) => [of.idOf(labels), of.aliasOf(labels)] as const,
      );
      for (const [id, alias] of new Map(payers)) {
        const left = id === "" ? null : of.left(id);
        if (left !== null) gauge.labels(id, alias).set(left);
      }
    },
  });
}
