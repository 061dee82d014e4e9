import { Counter, type Registry } from "prom-client";
import type { CallMetrics } from "./call-metrics.ts";
import type { CallLabels, CallSums } from "./label-sets.ts";

type Labels = Readonly<Record<string, string>>;

const callerNames = ["hashed_api_key", "api_key_alias", "team", "team_alias", "route"] as const;
const nanoPerUsd = 1e9;

/** Calls, spend and tokens under LiteLLM's names, with the route beside its labels; and what has no name there. */
export function addCallCounters(registry: Registry, metrics: CallMetrics): void {
  const { sums } = metrics;
  const byStatus = [...callerNames, "requested_model", "status_code"];
  for (const [name, help, value] of statusSums) {
    const values = () => [...sums.all()].map((of) => [statusLabels(of.labels), value(of)] as const);
    addCounter(registry, { name, help, labelNames: byStatus }, values);
  }
  const byModel = [...callerNames, "model"];
  for (const [name, help, value] of modelSums) {
    const values = () => [...sums.all()].map((of) => [modelLabels(of.labels), value(of)] as const);
    addCounter(registry, { name, help, labelNames: byModel }, values);
  }
  addReasons(registry, metrics);
}

type Sum = readonly [name: string, help: string, value: (of: CallSums) => number];

const statusSums: readonly Sum[] = [
  [
    "litellm_proxy_total_requests_metric",
    "Calls that passed authentication.",
    ({ calls }) => calls,
  ],
  ["litellm_proxy_failed_requests_metric", "Those of them that failed.", ({ failed }) => failed],
];

const modelSums: readonly Sum[] = [
  ["litellm_spend_metric", "Spend in USD.", ({ spendNanoUsd }) => spendNanoUsd / nanoPerUsd],
  ["litellm_input_tokens_metric", "Tokens in.", ({ inputTokens }) => inputTokens],
  ["litellm_output_tokens_metric", "Tokens out.", ({ outputTokens }) => outputTokens],
  [
    "litellm_total_tokens_metric",
    "Tokens in and out.",
    ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
  ],
];

function addReasons(registry: Registry, metrics: CallMetrics): void {
  const byReason = (counts: ReadonlyMap<string, number>, name: string) => () =>
    [...counts].map(([key, count]) => [pairOf(key, name), count] as const);
  addCounter(
    registry,
    {
      name: "tollgate_unpriced_calls",
      help: "Calls whose cost is not known, or is what was held.",
      labelNames: ["route", "reason"],
    },
    byReason(metrics.unpriced, "reason"),
  );
  addCounter(
    registry,
    {
      name: "tollgate_usage_invalid",
      help: "Upstreams told counts that cannot be.",
      labelNames: [],
    },
    () => [[{}, metrics.usageInvalid]],
  );
  addCounter(
    registry,
    {
      name: "tollgate_turned_away",
      help: "Calls refused before authentication.",
      labelNames: ["route", "code"],
    },
    byReason(metrics.turnedAway, "code"),
  );
}

type Values = () => readonly (readonly [labels: Labels, value: number])[];

function addCounter(
  registry: Registry,
  { name, help, labelNames }: Readonly<Record<"name" | "help", string>> & { labelNames: string[] },
  values: Values,
): void {
  const counter: Counter = new Counter({
    name: `${name}_total`,
    help,
    labelNames,
    registers: [registry],
    collect: () => {
      counter.reset();
      for (const [labels, value] of values()) if (value > 0) counter.inc(labels, value);
    },
  });
}

function callerLabels({ keyId, keyAlias, teamId, teamAlias, route }: CallLabels): Labels {
  return {
    hashed_api_key: keyId,
    api_key_alias: keyAlias,
    team: teamId,
    team_alias: teamAlias,
    route,
  };
}

function statusLabels(labels: CallLabels): Labels {
  const { model, status } = labels;
  return { ...callerLabels(labels), requested_model: model, status_code: String(status) };
}

function modelLabels(labels: CallLabels): Labels {
  return { ...callerLabels(labels), model: labels.model };
}

/** A key of `CallMetrics`: the route, and something else. */
function pairOf(key: string, name: string): Labels {
  const at = key.indexOf("\n");
  return { route: key.slice(0, at), [name]: key.slice(at + 1) };
}
