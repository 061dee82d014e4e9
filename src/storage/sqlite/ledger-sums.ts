import type { Database, SQLQueryBindings } from "bun:sqlite";
import {
  maxSums,
  type RefusalCount,
  type SpendSum,
  type SumFilter,
  type SumGroup,
  type TagGroup,
} from "../../core/spend.ts";
import { type Conditions, conditions, json, whereOf } from "./conditions.ts";
import { numberOf } from "./ledger-accounts.ts";
import { dayMs } from "./ledger-roll-ups.ts";
import { keyAmong, word } from "./ledger-words.ts";

/** What stands in a group. */
const columns: Readonly<Record<SumGroup | TagGroup, string>> = {
  day: "day",
  key: "key",
  team: "team",
  user: "user",
  route: "route",
  model: "model",
  endUser: "end_user",
  tag: "tag",
};

/** `SpendReader.sums`, at once. */
export const createSums =
  (database: Database) =>
  <Group extends SumGroup>(by: readonly Group[], filter: SumFilter): SpendSum<Group>[] =>
    sumsOf(
      database,
      by.some((group) => group === "endUser") ? "spend_daily" : "spend_coarse",
      by,
      filter,
    );

/** `SpendReader.tagSums`, at once. */
export const createTagSums =
  (database: Database) =>
  <Group extends TagGroup>(
    by: readonly Group[],
    filter: Omit<SumFilter, "userId">,
  ): SpendSum<Group>[] =>
    sumsOf(database, "spend_tags", by, filter);

interface Sums {
  readonly calls: number;
  readonly failed: number;
  readonly unpriced: number;
  readonly spent: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** The group's columns, `g0`, `g1`, … */
  readonly [group: `g${number}`]: number | string;
}

/**
 * Names are looked up behind the query, each of them once: there are far fewer than there are groups. By day some days
 * are read at a time, so that a report that gets too long ends early.
 */
function sumsOf<Group extends SumGroup | TagGroup>(
  database: Database,
  table: string,
  by: readonly Group[],
  filter: SumFilter,
): SpendSum<Group>[] {
  const nameOf = createNames(database);
  const told: SpendSum<Group>[] = [];
  for (const span of by.some((group) => group === "day") ? spans(database, table, filter) : [{}]) {
    for (const row of groupsOf(database, table, by, { ...filter, ...span })) {
      const { calls, failed, unpriced, spent, promptTokens, completionTokens } = row;
      const names = recordOf(by, (group, index) => nameOf(group, row[`g${index}`] ?? ""));
      const spendNanoUsd = numberOf(spent);
      const sums = { calls, failed, unpriced, spendNanoUsd, promptTokens, completionTokens };
      told.push({ names, ...sums });
    }
    if (told.length > maxSums) return told.slice(0, maxSums + 1);
  }
  return told;
}

const spanMs = 32 * dayMs;

/** The time of a filter in which there are days, in parts. */
function spans(database: Database, table: string, { since, until }: SumFilter) {
  const days = database
    .query<{ first: number | null; last: number | null }, []>(
      `SELECT (SELECT min(day) FROM ${table}) AS first, (SELECT max(day) FROM ${table}) AS last`,
    )
    .get();
  const first = Math.max((days?.first ?? 0) * dayMs, Math.floor((since ?? 0) / dayMs) * dayMs);
  const end = Math.min(((days?.last ?? -1) + 1) * dayMs, until ?? Number.MAX_SAFE_INTEGER);
  return Array.from({ length: Math.max(0, Math.ceil((end - first) / spanMs)) }, (_, index) => ({
    since: first + index * spanMs,
    until: Math.min(first + (index + 1) * spanMs, end),
  }));
}

function groupsOf(
  database: Database,
  table: string,
  by: readonly (SumGroup | TagGroup)[],
  filter: SumFilter,
): Sums[] {
  const groups = by.map((group) => columns[group]);
  const { sql: met, values } = dayConditions(filter);
  const named = groups.map((column, index) => `${column} AS g${index}, `).join("");
  const order = [...(groups.includes("day") ? ["day"] : []), "sum(cost_nano) DESC", ...groups];
  const sql = `SELECT ${named}sum(calls) AS calls, sum(failed) AS failed, sum(unpriced) AS unpriced,
    CAST(sum(cost_nano) AS TEXT) AS spent, sum(prompt_tokens) AS promptTokens,
    sum(completion_tokens) AS completionTokens FROM ${table}${whereOf(met)}
    ${groups.length === 0 ? "HAVING sum(calls) > 0" : `GROUP BY ${groups.join(", ")}`}
    ORDER BY ${order.join(", ")} LIMIT ${maxSums + 1}`;
  return database.query<Sums, SQLQueryBindings[]>(sql).all(...values);
}

function recordOf<Name extends string>(
  names: readonly Name[],
  valueOf: (name: Name, index: number) => string,
): Record<Name, string> {
  const record: Record<Name, string> = Object.create(null);
  for (const [index, name] of names.entries()) record[name] = valueOf(name, index);
  return record;
}

/** What a group's column is called in reports. */
function createNames(database: Database) {
  const find = database.prepare<{ text: string }, [number]>("SELECT text FROM words WHERE id = ?");
  const days = new Map<number, string>();
  const words = new Map<number, string>();
  const remembered = (known: Map<number, string>, id: number, make: () => string) => {
    const text = known.get(id) ?? make();
    known.set(id, text);
    return text;
  };
  return (group: SumGroup | TagGroup, value: number | string): string => {
    if (typeof value === "string") return value;
    if (group !== "day") return remembered(words, value, () => find.get(value)?.text ?? "");
    return remembered(days, value, () => new Date(value * dayMs).toISOString().slice(0, 10));
  };
}

function dayConditions({ keyIds, teamId, userId, since, until }: SumFilter): Conditions {
  return conditions([
    [keyAmong, json(keyIds)],
    [`team = ${word}`, teamId],
    [`user = ${word}`, userId],
    ["day >= ?", since === undefined ? undefined : Math.floor(since / dayMs)],
    ["day < ?", until === undefined ? undefined : Math.ceil(until / dayMs)],
  ]);
}

/** `SpendReader.refusals`, at once. */
export function createRefusals(database: Database) {
  const select = database.prepare<RefusalCount, [number, number]>(
    `SELECT minute, route, code, count FROM refusals WHERE minute >= ? AND minute < ?
     ORDER BY minute DESC, count DESC, route, code LIMIT ${maxSums + 1}`,
  );
  return (since: number, until: number): RefusalCount[] => select.all(since, until);
}
