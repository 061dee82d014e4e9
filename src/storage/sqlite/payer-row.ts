import { type Duration, parseDuration } from "../../core/duration.ts";
import type { PayerRecord } from "../../core/key-record.ts";
import type { Budget, ModelLimits } from "../../core/limits.ts";

/** The columns that keys and teams share. */
export type PayerRow = {
  readonly id: string;
  readonly alias: string | null;
  readonly blocked: number;
  readonly rpm: number | null;
  readonly tpm: number | null;
  readonly parallel: number | null;
  readonly max_budget_nano_usd: number | null;
  readonly budget_duration: string | null;
  readonly model_limits: string | null;
  readonly models: string;
  readonly allowed_routes: string;
  readonly allowed_passthrough_routes: string;
  readonly tags: string;
  readonly metadata: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly updated_at: number;
  readonly updated_by: string;
};

export function payerRow(record: PayerRecord): PayerRow {
  const { limits } = record;
  return {
    id: record.id,
    alias: record.alias,
    blocked: Number(record.blocked),
    rpm: limits.rpm,
    tpm: limits.tpm,
    parallel: limits.parallel,
    max_budget_nano_usd: limits.budget?.maxNanoUsd ?? null,
    budget_duration: record.budgetDuration,
    model_limits: record.modelLimits === null ? null : JSON.stringify(record.modelLimits),
    models: JSON.stringify(record.models),
    allowed_routes: JSON.stringify(record.allowedRoutes),
    allowed_passthrough_routes: JSON.stringify(record.allowedPassThroughRoutes),
    tags: JSON.stringify(record.tags),
    metadata: record.metadata,
    created_at: record.createdAt,
    created_by: record.createdBy,
    updated_at: record.updatedAt,
    updated_by: record.updatedBy,
  };
}

export function payerOf(row: PayerRow): PayerRecord {
  const duration = row.budget_duration === null ? null : parseDuration(row.budget_duration);
  const max = row.max_budget_nano_usd;
  return {
    id: row.id,
    alias: row.alias,
    blocked: row.blocked === 1,
    limits: {
      rpm: row.rpm,
      tpm: row.tpm,
      parallel: row.parallel,
      budget: max === null ? null : { maxNanoUsd: max, period: duration },
    },
    budgetDuration: row.budget_duration,
    modelLimits: row.model_limits === null ? null : modelLimitsOf(row.model_limits),
    models: stringsOf(row.models),
    allowedRoutes: stringsOf(row.allowed_routes),
    allowedPassThroughRoutes: stringsOf(row.allowed_passthrough_routes),
    tags: stringsOf(row.tags),
    metadata: row.metadata,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}

const nothing: readonly string[] = [];

function stringsOf(text: string): readonly string[] {
  if (text === "[]") return nothing;
  const values: unknown = JSON.parse(text);
  if (!Array.isArray(values)) throw damaged();
  return values.map(String);
}

function modelLimitsOf(text: string): ModelLimits {
  const limits: unknown = JSON.parse(text);
  return {
    rpm: recordOf(member(limits, "rpm"), numberOf),
    tpm: recordOf(member(limits, "tpm"), numberOf),
    budgets: recordOf(member(limits, "budgets"), budgetOf),
  };
}

function budgetOf(value: unknown): Budget {
  const period = member(value, "period");
  return {
    maxNanoUsd: numberOf(member(value, "maxNanoUsd")),
    period: period === null ? null : durationOf(period),
  };
}

function durationOf(value: unknown): Duration {
  const kind = member(value, "kind");
  if (kind === "fixed") return { kind, ms: numberOf(member(value, "ms")) };
  if (kind === "months") return { kind, months: numberOf(member(value, "months")) };
  throw damaged();
}

/** `Object.fromEntries`, since a model may be called `__proto__`. */
function recordOf<T>(value: unknown, each: (value: unknown) => T): Readonly<Record<string, T>> {
  if (typeof value !== "object" || value === null) throw damaged();
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, each(part)]));
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) throw damaged();
  return Object.entries(value).find(([key]) => key === name)?.[1] ?? null;
}

function numberOf(value: unknown): number {
  if (typeof value !== "number") throw damaged();
  return value;
}

function damaged(): Error {
  return Object.assign(new Error("a value that nobody wrote"), { code: "SQLITE_CORRUPT_VALUE" });
}
