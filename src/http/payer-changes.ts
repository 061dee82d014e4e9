import { parseDuration } from "../core/duration.ts";
import type { PayerRecord } from "../core/key-record.ts";
import type { Budget, Limits, ModelLimits } from "../core/limits.ts";
import { nanoOfUsd } from "../core/money.ts";
import { refuse } from "./field-faults.ts";
import { type ModelBudget, modelBudgetParts, type PayerFields } from "./payer-fields.ts";

/** What a field makes of a value: left out it is kept, null clears it. */
export function settled<T>(given: T | null | undefined, kept: T, cleared: T): T {
  return given === undefined ? kept : (given ?? cleared);
}

/**
 * What the fields that keys and teams share make of a record, or of none. Throws `request_invalid` for what fits
 * together with nothing that is there.
 */
export function payerChanges(fields: PayerFields, current: PayerRecord | null) {
  const limits = limitsOf(fields, current);
  const duration = settled(fields.budget_duration, current?.budgetDuration ?? null, null);
  return {
    blocked: settled(fields.blocked, current?.blocked ?? false, false),
    limits,
    budgetDuration: limits.budget === null ? null : duration,
    modelLimits: modelLimitsOf(fields, current?.modelLimits ?? null),
    models: settled(fields.models, current?.models ?? [], []),
    allowedRoutes: settled(fields.allowed_routes, current?.allowedRoutes ?? [], []),
    allowedPassThroughRoutes: settled(
      fields.allowed_passthrough_routes,
      current?.allowedPassThroughRoutes ?? [],
      [],
    ),
    tags: settled(fields.tags, current?.tags ?? [], []),
    metadata:
      fields.metadata === undefined
        ? (current?.metadata ?? "{}")
        : JSON.stringify(fields.metadata ?? {}),
  };
}

function limitsOf(fields: PayerFields, current: PayerRecord | null): Limits {
  const before = current?.limits;
  return {
    rpm: settled(fields.rpm_limit, before?.rpm ?? null, null),
    tpm: settled(fields.tpm_limit, before?.tpm ?? null, null),
    parallel: settled(fields.max_parallel_requests, before?.parallel ?? null, null),
    budget: budgetOf(fields, current),
  };
}

function budgetOf(fields: PayerFields, current: PayerRecord | null): Budget | null {
  const given = typeof fields.max_budget === "number" ? nanoOfUsd(fields.max_budget) : null;
  const kept = current?.limits.budget?.maxNanoUsd ?? null;
  const maxNanoUsd = fields.max_budget === undefined ? kept : given;
  if (maxNanoUsd === null) {
    if (typeof fields.budget_duration !== "string") return null;
    throw refuse(["budget_duration: without a max_budget it means nothing."]);
  }
  const written = settled(fields.budget_duration, current?.budgetDuration ?? null, null);
  return { maxNanoUsd, period: written === null ? null : parseDuration(written) };
}

function modelLimitsOf(fields: PayerFields, before: ModelLimits | null): ModelLimits | null {
  const given = fields.model_max_budget;
  const budgets =
    given === undefined
      ? (before?.budgets ?? {})
      : Object.fromEntries(Object.entries(given ?? {}).map(([name, one]) => [name, budget(one)]));
  const limits = {
    rpm: settled(fields.model_rpm_limit, before?.rpm ?? {}, {}),
    tpm: settled(fields.model_tpm_limit, before?.tpm ?? {}, {}),
    budgets,
  };
  return Object.values(limits).every((one) => Object.keys(one).length === 0) ? null : limits;
}

function budget(written: ModelBudget): Budget {
  const { usd, period } = modelBudgetParts(written);
  return { maxNanoUsd: nanoOfUsd(usd), period: period === null ? null : parseDuration(period) };
}
