import { type Duration, parseDuration } from "../core/duration.ts";
import type { Budget } from "../core/limits.ts";
import { isTooSmall, isUsd, type NanoUsd, nanoOfUsd } from "../core/money.ts";
import { deepestNesting, isDeeper } from "../core/nesting.ts";
import { isTeamId } from "../core/team-id.ts";

/** A value that makes no sense where it stands; the message says what would. It never holds the value. */
export class Senseless extends Error {
  override readonly name = "Senseless";
}

/** Each reads one value as LiteLLM's table has it, as JSON or as text of a CSV file; all throw `Senseless`. */
export function textOf(value: unknown): string {
  if (typeof value !== "string") throw new Senseless("is not text");
  if (value.length > 500 || /\p{Cc}/u.test(value)) {
    throw new Senseless("has more than 500 characters, or control characters");
  }
  return value;
}

export function teamIdOf(value: unknown): string {
  if (typeof value === "string" && isTeamId(value)) return value;
  throw new Senseless("is not 1 to 100 of the characters A-Z, a-z, 0-9, _ . @ -");
}

export function flagOf(value: unknown): boolean {
  const text = typeof value === "string" ? value.toLowerCase() : value;
  if (text === true || text === "true" || text === "t") return true;
  if (text === false || text === "false" || text === "f") return false;
  throw new Senseless("is neither true nor false");
}

export function countOf(value: unknown): number {
  const number = numberOf(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Senseless("is not a whole number from 0 on");
}

export function moneyOf(value: unknown): NanoUsd {
  const usd = numberOf(value);
  if (isUsd(usd)) return nanoOfUsd(usd);
  throw new Senseless("is not an amount of dollars from 0 to 9 million");
}

/** As `moneyOf`, for what would be another limit once it is rounded to nothing. */
export function limitOf(value: unknown): NanoUsd {
  if (isTooSmall(numberOf(value))) throw new Senseless("is less than a billionth of a dollar");
  return moneyOf(value);
}

/** Numbers of Postgres' `bigint` and `numeric` come as text in JSON too. */
function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?[\d.]+(?:e[-+]?\d+)?$/i.test(value) ? Number(value) : NaN;
}

/** Epoch milliseconds; a time without a zone is UTC. */
export function timeOf(value: unknown): number {
  const [, day, time, zone = "Z"] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(Z|[-+]\d\d(?::?\d\d)?)?$/.exec(
      typeof value === "string" ? value : "",
    ) ?? [];
  const at = Date.parse(`${day}T${time}${zone.length === 3 ? `${zone}:00` : zone}`);
  if (!Number.isNaN(at) && isDay(day)) return at;
  throw new Senseless("is not a time such as 2026-05-01T10:00:00Z");
}

/** The runtime takes the 31st of February for the 3rd of March. */
function isDay(text = ""): boolean {
  return new Date(Date.parse(text)).toISOString().startsWith(text);
}

export function durationOf(value: unknown): string {
  if (typeof value === "string" && parseDuration(value) !== null) return value;
  throw new Senseless("is not a duration such as 30d");
}

export function objectOf(value: unknown): ReadonlyMap<string, unknown> {
  const object = typeof value === "string" ? jsonOf(value) : value;
  if (isDeeper(object)) throw new Senseless(`is nested more than ${deepestNesting} deep`);
  if (typeof object === "object" && object !== null && !Array.isArray(object)) {
    return new Map(Object.entries(object));
  }
  throw new Senseless("is not a JSON object");
}

export function listOf(value: unknown): readonly string[] {
  const list = typeof value === "string" ? listIn(value) : value;
  if (!Array.isArray(list) || !list.every((item) => typeof item === "string")) {
    throw new Senseless("is not a list of text");
  }
  if (list.length > 10_000 || list.some((item) => item.length > 500)) {
    throw new Senseless("has more than 10,000 entries, or one of more than 500 characters");
  }
  return list;
}

/** Limits by model: `{"gpt-4": 60}`. */
export function countsOf(value: unknown): Readonly<Record<string, number>> {
  return Object.fromEntries([...objectOf(value)].map(([model, count]) => [model, countOf(count)]));
}

/** Budgets by model: `{"gpt-4": 10}`, or `{"gpt-4": {"budget_limit": 10, "time_period": "1d"}}`. */
export function budgetsOf(value: unknown): Readonly<Record<string, Budget>> {
  return Object.fromEntries([...objectOf(value)].map(([model, one]) => [model, budgetOf(one)]));
}

function budgetOf(value: unknown): Budget {
  if (typeof value !== "object") return { maxNanoUsd: limitOf(value), period: null };
  const parts = objectOf(value);
  const period = parts.get("time_period") ?? parts.get("budget_duration") ?? null;
  return {
    maxNanoUsd: limitOf(parts.get("budget_limit") ?? parts.get("max_budget")),
    period: period === null ? null : periodOf(period),
  };
}

function periodOf(value: unknown): Duration {
  const period = typeof value === "string" ? parseDuration(value) : null;
  if (period === null) throw new Senseless("names a period that is no duration such as 30d");
  return period;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Senseless("is not JSON");
  }
}

/** A list as JSON, or as Postgres writes arrays: `{a,"b c"}`. */
function listIn(text: string): unknown {
  if (!text.startsWith("{")) return jsonOf(text);
  if (
    !/^\{(?:[^{}"\\,]+|"(?:[^"\\]|\\.)*")?(?:,(?:[^{}"\\,]+|"(?:[^"\\]|\\.)*"))*\}$/s.test(text)
  ) {
    throw new Senseless("is not a list");
  }
  const items = text.slice(1, -1).match(/"(?:[^"\\]|\\.)*"|[^,]+/gs) ?? [];
  return items.map((item) =>
    item.startsWith('"') ? item.slice(1, -1).replace(/\\(.)/gs, "$1") : item,
  );
}
