import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { type Duration, periodAt } from "../core/duration.ts";
import { modelScope } from "../core/journal.ts";
import type { PayerRecord } from "../core/key-record.ts";
import { usdOfNano } from "../core/money.ts";
import type { Standings } from "../core/spend.ts";

/** What a record is shown with. */
export interface Showing {
  readonly standings: Standings;
  /** Epoch milliseconds. */
  readonly now: number;
}

export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

const Texts = Type.Array(Type.String());
const Counts = Type.Record(Type.String(), Type.Number());
const NoList = Type.Tuple([]);
const NoObject = Type.Object({}, { description: "Always empty." });

/** A point in time, as replies write it. */
export const Time = Type.String({ format: "date-time" });

/** What the replies about keys and teams have in common. */
export const PayerShape = Type.Object({
  spend: Type.Number({ description: "USD in this budget_duration, or in all." }),
  held: Type.Number({ description: "USD that calls under way have on hold." }),
  max_budget: nullable(Type.Number()),
  budget_duration: nullable(Type.String()),
  budget_reset_at: nullable(Time),
  rpm_limit: nullable(Type.Integer()),
  tpm_limit: nullable(Type.Integer()),
  max_parallel_requests: nullable(Type.Integer()),
  model_rpm_limit: Counts,
  model_tpm_limit: Counts,
  model_max_budget: Type.Record(
    Type.String(),
    Type.Object({ budget_limit: Type.Number(), time_period: nullable(Type.String()) }),
  ),
  model_spend: Type.Record(Type.String(), Type.Number(), {
    description: "USD by model, of those with a budget.",
  }),
  models: Texts,
  allowed_routes: Texts,
  allowed_passthrough_routes: Texts,
  metadata: Type.Unknown({ description: "A JSON object." }),
  tags: Texts,
  blocked: Type.Boolean(),
  created_at: Time,
  created_by: Type.String(),
  updated_at: Time,
  updated_by: Type.String(),
});
export type PayerShape = Static<typeof PayerShape>;

/** What LiteLLM's replies hold and this gateway has nothing to say of. */
export const EmptyShape = Type.Object({
  aliases: NoObject,
  config: NoObject,
  permissions: NoObject,
  allowed_cache_controls: NoList,
  budget_id: Type.Null(),
  organization_id: Type.Null(),
  litellm_budget_table: Type.Null(),
});

export function emptyShape(): Static<typeof EmptyShape> {
  return {
    aliases: {},
    config: {},
    permissions: {},
    allowed_cache_controls: [],
    budget_id: null,
    organization_id: null,
    litellm_budget_table: null,
  };
}

/** `scope`: of the record's account. */
export function payerShape(record: PayerRecord, scope: string, showing: Showing): PayerShape {
  const { limits, modelLimits } = record;
  const { spentNanoUsd, heldNanoUsd, periodStart } = showing.standings.standing(
    scope,
    limits.budget,
  );
  const period = limits.budget?.period ?? null;
  return {
    spend: usdOfNano(spentNanoUsd),
    held: usdOfNano(heldNanoUsd),
    max_budget: limits.budget === null ? null : usdOfNano(limits.budget.maxNanoUsd),
    budget_duration: record.budgetDuration,
    budget_reset_at:
      period === null ? null : timeText(periodAt(period, Math.max(showing.now, periodStart)).end),
    rpm_limit: limits.rpm,
    tpm_limit: limits.tpm,
    max_parallel_requests: limits.parallel,
    model_rpm_limit: { ...modelLimits?.rpm },
    model_tpm_limit: { ...modelLimits?.tpm },
    ...modelBudgets(record, scope, showing.standings),
    models: [...record.models],
    allowed_routes: [...record.allowedRoutes],
    allowed_passthrough_routes: [...record.allowedPassThroughRoutes],
    metadata: JSON.parse(record.metadata),
    tags: [...record.tags],
    blocked: record.blocked,
    created_at: timeText(record.createdAt),
    created_by: record.createdBy,
    updated_at: timeText(record.updatedAt),
    updated_by: record.updatedBy,
  };
}

function modelBudgets({ modelLimits }: PayerRecord, scope: string, standings: Standings) {
  const budgets = Object.entries(modelLimits?.budgets ?? {});
  return {
    model_max_budget: Object.fromEntries(
      budgets.map(([name, { maxNanoUsd, period }]) => [
        name,
        {
          budget_limit: usdOfNano(maxNanoUsd),
          time_period: period === null ? null : durationText(period),
        },
      ]),
    ),
    model_spend: Object.fromEntries(
      budgets.map(([name, budget]) => {
        const { spentNanoUsd } = standings.standing(modelScope(scope, name), budget);
        return [name, usdOfNano(spentNanoUsd)];
      }),
    ),
  };
}

/** ISO 8601, UTC. */
export function timeText(at: number): string {
  return new Date(at).toISOString();
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
] as const;

/** As it may be written: in the largest unit that fits. */
function durationText(duration: Duration): string {
  if (duration.kind === "months") return `${duration.months}mo`;
  const { ms } = duration;
  const [unit, length] = units.find(([, each]) => ms % each === 0) ?? ["s", 1000];
  return `${ms / length}${unit}`;
}
