import type { Database, SQLQueryBindings } from "bun:sqlite";
import {
  maxSums,
  type RefusalCount,
  type SpendSum,
  type SumFilter,
  type SumGroup,
  type TagGroup,
} from "../../core/spend.ts";
import { numberOf } from "./ledger-accounts.ts";
import { dayMs } from "./ledger-roll-ups.ts";

const word = (column: string) =>
  `coalesce((SELECT text FROM words WHERE words.id = ${column}), '')`;

/** What stands in a group, and what it is called. */
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
const names: Readonly<Record<SumGroup | TagGroup, string>> = {
  ...columns,
  day: "date(day * 86400, 'unixepoch')",
  key: word("key"),
  team: word("team"),
  user: word("user"),
  route: word("route"),
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
  readonly names: string;
  readonly calls: number;
  readonly failed: number;
  readonly unpriced: number;
  readonly spent: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

function sumsOf<Group extends SumGroup | TagGroup>(
  database: Database,
  table: string,
  by: readonly Group[],
  filter: SumFilter,
): SpendSum<Group>[] {
  const groups = by.map((group) => columns[group]);
  const { where, values } = conditions(filter);
  const named = by.map((group) => `'${group}', ${names[group]}`).join(", ");
  const order = [...(by.some((group) => group === "day") ? ["day"] : []), "sum(cost_nano) DESC"];
  const sql = `SELECT json_object(${named}) AS names, sum(calls) AS calls, sum(failed) AS failed, sum(unpriced) AS unpriced,
    CAST(sum(cost_nano) AS TEXT) AS spent, sum(prompt_tokens) AS promptTokens,
    sum(completion_tokens) AS completionTokens FROM ${table}${where}
    ${groups.length === 0 ? "HAVING sum(calls) > 0" : `GROUP BY ${groups.join(", ")}`}
    ORDER BY ${order.join(", ")}, names LIMIT ${maxSums + 1}`;
  return database
    .query<Sums, SQLQueryBindings[]>(sql)
    .all(...values)
    .map(({ spent, names, ...sums }) => ({
      ...sums,
      names: JSON.parse(names),
      spendNanoUsd: numberOf(spent),
    }));
}

function conditions({ keyIds, teamId, userId, since, until }: SumFilter) {
  const all: readonly (readonly [sql: string, value: SQLQueryBindings | undefined])[] = [
    [
      "key IN (SELECT id FROM words WHERE text IN (SELECT value FROM json_each(?)))",
      keyIds === undefined ? undefined : JSON.stringify(keyIds),
    ],
    ["team = (SELECT id FROM words WHERE text = ?)", teamId],
    ["user = (SELECT id FROM words WHERE text = ?)", userId],
    ["day >= ?", since === undefined ? undefined : Math.floor(since / dayMs)],
    ["day < ?", until === undefined ? undefined : Math.ceil(until / dayMs)],
  ];
  const met = all.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
  return {
    where: met.length === 0 ? "" : ` WHERE ${met.map(({ sql }) => sql).join(" AND ")}`,
    values: met.map(({ value }) => value),
  };
}

/** `SpendReader.refusals`, at once. */
export function createRefusals(database: Database) {
  const select = database.prepare<RefusalCount, [number, number]>(
    `SELECT minute, route, code, count FROM refusals WHERE minute >= ? AND minute < ?
     ORDER BY minute DESC, count DESC, route, code LIMIT ${maxSums + 1}`,
  );
  return (since: number, until: number): RefusalCount[] => select.all(since, until);
}
