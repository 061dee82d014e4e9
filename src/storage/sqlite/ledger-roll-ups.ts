import type { Database, SQLQueryBindings } from "bun:sqlite";
import { otherNames } from "../../core/spend.ts";

export const dayMs = 86_400_000;

/** Calls that have all names of a roll-up in common. */
export interface SpendGroup {
  readonly day: number;
  /** In the order of the roll-up's columns; numbers of `words`, or text. */
  readonly names: readonly (number | string)[];
  readonly calls: number;
  readonly failed: number;
  readonly unpriced: number;
  readonly costNano: bigint;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface RollUp {
  readonly table: "spend_daily" | "spend_coarse" | "spend_tags";
  /** The primary key, behind the day. */
  readonly columns: readonly string[];
  /** Named `(other)` in groups that a day has no room for: a client must not be able to fill the disk. */
  readonly chosenByClients: readonly string[];
}

/** Every call. */
export const dailyRollUp: RollUp = {
  table: "spend_daily",
  columns: ["key", "team", "user", "route", "model", "end_user"],
  chosenByClients: ["model", "end_user"],
};

/** Every call; without end users, who may be many: a year of it is read in a moment. */
export const coarseRollUp: RollUp = {
  table: "spend_coarse",
  columns: ["key", "team", "user", "route", "model"],
  chosenByClients: ["model"],
};

/** Calls with tags, once for each tag. */
export const tagRollUp: RollUp = {
  table: "spend_tags",
  columns: ["key", "team", "tag"],
  chosenByClients: ["tag"],
};

/** New groups of a day, before the names that clients choose are put together. */
export const maxGroupsOfDay = 20_000;

/** Puts the groups together whose first names are the same, so many of them. */
export function coarser(groups: readonly SpendGroup[], nameCount: number): SpendGroup[] {
  const sums = new Map<string, SpendGroup>();
  for (const group of groups) {
    const names = group.names.slice(0, nameCount);
    const key = JSON.stringify([group.day, names]);
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? { ...group, names } : together(sum, group));
  }
  return [...sums.values()];
}

function together(one: SpendGroup, other: SpendGroup): SpendGroup {
  return {
    ...one,
    calls: one.calls + other.calls,
    failed: one.failed + other.failed,
    unpriced: one.unpriced + other.unpriced,
    costNano: one.costNano + other.costNano,
    promptTokens: one.promptTokens + other.promptTokens,
    completionTokens: one.completionTokens + other.completionTokens,
  };
}

/** Adds groups to a roll-up; to be used in a transaction. */
export function groupWriter(
  database: Database,
  rollUp: RollUp,
  maxGroups: number,
): (group: SpendGroup) => void {
  const { table, columns, chosenByClients } = rollUp;
  const where = ["day", ...columns].map((name) => `${name} = ?`).join(" AND ");
  const add = database.prepare<unknown, SQLQueryBindings[]>(
    `UPDATE ${table} SET calls = calls + ?, failed = failed + ?, unpriced = unpriced + ?, cost_nano = cost_nano + ?,
       prompt_tokens = prompt_tokens + ?, completion_tokens = completion_tokens + ?
     WHERE ${where}`,
  );
  const make = database.prepare<unknown, SQLQueryBindings[]>(
    `INSERT INTO ${table} (calls, failed, unpriced, cost_nano, prompt_tokens, completion_tokens, day, ${columns.join(", ")})
     VALUES (?, ?, ?, ?, ?, ?, ?${", ?".repeat(columns.length)})`,
  );
  const hasRoom = roomOf(database, table, maxGroups);
  const isOther = columns.map((name) => chosenByClients.includes(name));
  return ({ day, names, calls, failed, unpriced, costNano, promptTokens, completionTokens }) => {
    const sums = [calls, failed, unpriced, costNano, promptTokens, completionTokens, day];
    if (add.run(...sums, ...names).changes > 0) return;
    if (hasRoom(day)) return void make.run(...sums, ...names);
    const other = names.map((name, at) => (isOther[at] === true ? otherNames : name));
    if (add.run(...sums, ...other).changes === 0) make.run(...sums, ...other);
  };
}

/** Counts a day's groups when it is first met, and those that are made from then on. */
function roomOf(database: Database, table: string, maxGroups: number): (day: number) => boolean {
  const made = new Map<number, number>();
  const count = database.prepare<{ count: number }, [number]>(
    `SELECT count(*) AS count FROM ${table} WHERE day = ?`,
  );
  return (day) => {
    if (made.size > 100 && !made.has(day)) made.clear();
    const before = made.get(day) ?? count.get(day)?.count ?? 0;
    made.set(day, before + 1);
    return before < maxGroups;
  };
}
