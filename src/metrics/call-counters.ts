import { Counter, type Registry } from "prom-client";
import type { CallMetrics } from "./call-metrics.ts";
import type { CallLabels, CallSums } from "./label-sets.ts";

type Labels = Readonly<Record<string, string>>;

const callerNames = ["hashed_api_key", "api_key_alias", "team", "team_alias", "route"] as const;
const nanoPerUsd = 1e9;

/** Calls, spend and tokens under LiteLLM's names, with the route beside its labels; and what has no name there. */
export function addCallCounters(registry: Registry, metrics: CallMetrics): void {
  const { sums, unpriced, turnedAway } = metrics;
  const byStatus = [...callerNames, "requested_model", "status_code"];
  const byModel = [...callerNames, "model"];
  const bySums = (labels: (of: CallLabels) => Labels, value: (of: CallSums) => number) => () =>
    [...sums.all()].map((of) => [labels(of.labels), value(of)] as const);
  const byReason = (counts: ReadonlyMap<string, number>, name: string) => () =>
    [...counts].map(([key, count]) => [pairOf(key, name), count] as const);

  const tell = (name: string, help: string, labelNames: string[], values: Values) =>
    addCounter(registry, { name: `${name}_total`, help, labelNames }, values);
  tell(
    "litellm_proxy_total_requests_metric",
    "Calls that passed authentication.",
    byStatus,
    bySums(statusLabels, ({ calls }) => calls),
  );
  tell(
    "litellm_proxy_failed_requests_metric",
    "Those of them that failed.",
    byStatus,
    bySums(statusLabels, ({ failed }) => failed),
  );
  tell(
    "litellm_spend_metric",
    "Spend in USD.",
    byModel,
    bySums(modelLabels, ({ spendNanoUsd }) => spendNanoUsd / nanoPerUsd),
  );
  tell(
    "litellm_input_tokens_metric",
    "Tokens in.",
    byModel,
    bySums(modelLabels, ({ inputTokens }) => inputTokens),
  );
  tell(
    "litellm_output_tokens_metric",
    "Tokens out.",
    byModel,
    bySums(modelLabels, ({ outputTokens }) => outputTokens),
  );
  tell(
    "litellm_total_tokens_metric",
    "Tokens in and out.",
    byModel,
    bySums(modelLabels, ({ inputTokens, outputTokens }) => inputTokens + outputTokens),
  );
  tell(
    "tollgate_unpriced_calls",
    "Calls whose cost is not known.",
    ["route", "reason"],
    byReason(unpriced, "reason"),
  );
  tell("tollgate_usage_invalid", "Upstreams told counts that cannot be.", [], () => [
    [{}, metrics.usageInvalid],
  ]);
  tell(
    "tollgate_turned_away",
    "Calls refused before authentication.",
    ["route", "code"],
    byReason(turnedAway, "code"),
  );
}

type Values = () => readonly (readonly [labels: Labels, value: number])[];

function addCounter(
  registry: Registry,
  names: { readonly name: string; readonly help: string; readonly labelNames: string[] },
  values: Values,
): void {
  const counter: Counter = new Counter({
    ...names,
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
