import type { KeyRecord, PayerRecord, TeamRecord } from "../core/key-record.ts";
import type { Budget, ModelLimits } from "../core/limits.ts";
import { type NanoUsd, usdOfNano } from "../core/money.ts";
import { maskedName, maskedValue } from "./mask.ts";

/** What the audit log keeps of a key, as JSON: neither the key nor its digest, and no secret in what people wrote. */
export function keyView(record: KeyRecord): string {
  const { id, ...shared } = payerView(record);
  return JSON.stringify({
    token_id: id,
    key_name: record.name,
    key_alias: shared.alias,
    team_id: record.teamId,
    user_id: record.userId === null ? null : maskedName(record.userId),
    user_role: record.role,
    expires: timeOf(record.expiresAt),
    soft_budget: usdOf(record.softBudgetNanoUsd),
    ...shared,
    alias: undefined,
  });
}

export function teamView(record: TeamRecord): string {
  const { id, alias, ...shared } = payerView(record);
  return JSON.stringify({ team_id: id, team_alias: alias, ...shared });
}

function payerView(record: PayerRecord) {
  const { limits } = record;
  return {
    id: record.id,
    alias: record.alias === null ? null : maskedName(record.alias),
    blocked: record.blocked,
    max_budget: usdOf(limits.budget?.maxNanoUsd ?? null),
    budget_duration: record.budgetDuration,
    rpm_limit: limits.rpm,
    tpm_limit: limits.tpm,
    max_parallel_requests: limits.parallel,
    ...modelView(record.modelLimits),
    models: record.models,
    allowed_routes: record.allowedRoutes,
    allowed_passthrough_routes: record.allowedPassThroughRoutes,
    tags: record.tags.map(maskedName),
    metadata: maskedValue(JSON.parse(record.metadata)),
    created_at: timeOf(record.createdAt),
    created_by: record.createdBy,
    updated_at: timeOf(record.updatedAt),
    updated_by: record.updatedBy,
  };
}

function modelView(limits: ModelLimits | null) {
  if (limits === null) return {};
  const budgets = Object.entries(limits.budgets).map(([model, budget]) => [
    model,
    budgetView(budget),
  ]);
  return {
    model_rpm_limit: limits.rpm,
    model_tpm_limit: limits.tpm,
    model_max_budget: Object.fromEntries(budgets),
  };
}

function budgetView({ maxNanoUsd, period }: Budget) {
  return {
    max_budget: usdOfNano(maxNanoUsd),
    budget_duration: period === null ? null : durationText(period),
  };
}

function durationText(period: NonNullable<Budget["period"]>): string {
  return period.kind === "fixed" ? `${period.ms / 1_000}s` : `${period.months}mo`;
}

function usdOf(nano: NanoUsd | null): number | null {
  return nano === null ? null : usdOfNano(nano);
}

function timeOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
