import { parseDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";
import type { KeyChanges, TeamChanges } from "../core/key-book.ts";
import type { KeyRecord, PayerRecord, TeamRecord } from "../core/key-record.ts";
import { noLimits } from "../core/limits.ts";

/** What a new record has where nothing else is said. */
function emptyPayer(id: string, at: number, by: string): PayerRecord {
  return {
    id,
    alias: null,
    blocked: false,
    limits: noLimits,
    budgetDuration: null,
    modelLimits: null,
    models: [],
    allowedRoutes: [],
    allowedPassThroughRoutes: [],
    tags: [],
    metadata: "{}",
    createdAt: at,
    createdBy: by,
    updatedAt: at,
    updatedBy: by,
  };
}

/** Who makes a record, and when. */
export interface Making {
  readonly id: string;
  readonly at: number;
  readonly by: string;
}

export function newKeyRecord(
  { id, at, by }: Making,
  changes: KeyChanges,
  { digest, name }: Pick<KeyRecord, "digest" | "name">,
): KeyRecord {
  const empty: KeyRecord = {
    ...emptyPayer(id, at, by),
    digest,
    name,
    teamId: null,
    userId: null,
    role: null,
    expiresAt: null,
    softBudgetNanoUsd: null,
  };
  return sound({ ...empty, ...changes });
}

export function newTeamRecord({ id, at, by }: Making, changes: TeamChanges): TeamRecord {
  return sound({ ...emptyPayer(id, at, by), ...changes });
}

/** The record with the changes made by `by`, at `at`. */
export function changed<Payer extends PayerRecord>(
  record: Payer,
  changes: Partial<Payer>,
  { at, by }: Omit<Making, "id">,
): Payer {
  return sound({ ...record, ...changes, updatedAt: at, updatedBy: by });
}

/** The budget's period is always that of the duration as it was written. Throws `request_invalid`. */
function sound<Payer extends PayerRecord>(record: Payer): Payer {
  const { budgetDuration, limits, metadata } = record;
  const period = budgetDuration === null ? null : parseDuration(budgetDuration);
  if (budgetDuration !== null && period === null) {
    throw invalid("budget_duration is a number with s, m, h, d, w or mo, such as 30d.");
  }
  if (!isObject(metadata)) throw invalid("metadata is an object.");
  const budget = limits.budget === null ? null : { ...limits.budget, period };
  return { ...record, limits: { ...limits, budget } };
}

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

export function invalid(detail: string): GatewayError {
  return new GatewayError("request_invalid", { detail });
}
