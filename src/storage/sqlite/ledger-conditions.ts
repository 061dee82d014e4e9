import type { CallFilter } from "../../core/spend.ts";
import { type Condition, type Conditions, conditions, json, listed } from "./conditions.ts";
import { keyAmong, word } from "./ledger-words.ts";

/** What a filter asks of a row of `calls`. */
export function rowConditions(filter: CallFilter): Conditions {
  return conditions([
    ...keyCondition(filter.keyIds),
    ["calls.id = ?", filter.id],
    [`calls.id IN ${listed}`, json(filter.ids)],
    [`team = ${word}`, filter.teamId],
    [`user = ${word}`, filter.userId],
    [`route = ${word}`, filter.route],
    [`error = ${word}`, filter.error],
    [`provider = ${word}`, filter.provider],
    ["end_user = ?", filter.endUser],
    ["model = ?", filter.model],
    ["EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)", filter.tag],
    ["failed = ?", filter.failed === undefined ? undefined : Number(filter.failed)],
    ["status = ?", filter.status],
    [`status IN ${listed}`, json(filter.statuses)],
    ["cost_nano >= ?", filter.minSpendNanoUsd],
    ["cost_nano <= ?", filter.maxSpendNanoUsd],
    ["duration_ms >= ?", filter.minDurationMs],
    ["duration_ms <= ?", filter.maxDurationMs],
    ["started_at >= ?", filter.since],
    ["started_at < ?", filter.until],
  ]);
}

/** One key is compared, so that its index gives the order too. */
function keyCondition(ids: readonly string[] | undefined): Condition[] {
  if (ids?.length === 1) return [[`key = ${word}`, ids[0]]];
  return [[keyAmong, json(ids)]];
}
