import type { Database } from "bun:sqlite";
import type { CallRow } from "../../core/types.ts";
import { isFailed, tokens } from "./ledger-rows.ts";
import {
  coarser,
  coarseRollUp,
  dailyRollUp,
  dayMs,
  groupWriter,
  maxGroupsOfDay,
  type RollUp,
  type SpendGroup,
  tagRollUp,
} from "./ledger-roll-ups.ts";
import type { Words } from "./ledger-words.ts";

/** So many rows are added to the roll-ups at once. */
const batchRows = 5_000;

/** The roll-ups' share in the rows: adds those that are not in them yet. */
export interface RowRollUps {
  /** Adds whole batches; to be called in a transaction that added rows. */
  keepUp(): void;
  /** Adds all, in a transaction of its own; before a report is made, and before rows are removed. */
  catchUp(): void;
}

export function createRowRollUps(database: Database, maxGroups = maxGroupsOfDay): RowRollUps {
  const last = database.prepare<{ seq: number; newest: number }, []>(
    "SELECT seq, coalesce((SELECT max(seq) FROM calls), 0) AS newest FROM rolled_up",
  );
  const advance = database.prepare("UPDATE rolled_up SET seq = ?");
  const daily = groupReader(database, dailyRollUp);
  const tags = groupReader(database, tagRollUp);
  const addDaily = groupWriter(database, dailyRollUp, maxGroups);
  const addCoarse = groupWriter(database, coarseRollUp, maxGroups);
  const addTags = groupWriter(database, tagRollUp, maxGroups);
  const keepUp = (least: number) => {
    for (;;) {
      const { seq, newest } = last.get() ?? { seq: 0, newest: 0 };
      if (newest - seq < least) return;
      const to = Math.min(newest, seq + batchRows);
      const groups = daily(seq, to);
      for (const group of groups) addDaily(group);
      for (const group of coarser(groups, coarseRollUp.columns.length)) addCoarse(group);
      for (const group of tags(seq, to)) addTags(group);
      advance.run(to);
    }
  };
  const catchUp = database.transaction(() => keepUp(1));
  return { keepUp: () => keepUp(batchRows), catchUp: () => catchUp.immediate() };
}

/** No row has a tag twice. */
const sources: Readonly<Record<RollUp["table"], string>> = {
  spend_daily: "calls",
  spend_coarse: "calls",
  spend_tags: "(SELECT calls.*, value AS tag FROM calls, json_each(calls.tags))",
};

interface Found extends Omit<SpendGroup, "names" | "costNano"> {
  readonly names: string;
  readonly cost: string;
}

/** The groups of the rows behind one, up to another one. */
function groupReader(database: Database, rollUp: RollUp) {
  const groups = `started_at / ${dayMs}, ${rollUp.columns.join(", ")}`;
  const names = rollUp.columns.map((name) => `coalesce(${name}, ${none(name)})`).join(", ");
  const select = database.prepare<Found, [number, number]>(
    `SELECT started_at / ${dayMs} AS day, json_array(${names}) AS names, count(*) AS calls, sum(failed) AS failed,
       sum(cost_nano IS NULL) AS unpriced, CAST(coalesce(sum(cost_nano), 0) AS TEXT) AS cost,
       coalesce(sum(prompt_tokens), 0) AS promptTokens, coalesce(sum(completion_tokens), 0) AS completionTokens
     FROM ${sources[rollUp.table]} WHERE seq > ? AND seq <= ? GROUP BY ${groups}`,
  );
  return (after: number, to: number): SpendGroup[] =>
    select.all(after, to).map(({ names, cost, ...group }) => ({
      ...group,
      names: JSON.parse(names),
      costNano: BigInt(cost),
    }));
}

function none(column: string): string {
  return /^(?:model|end_user|tag)$/.test(column) ? "''" : "0";
}

/** Calls that are not kept one by one: adds up what is not to be a row. */
export function directRollUps(database: Database, words: Words) {
  const writeDaily = groupWriter(database, dailyRollUp, maxGroupsOfDay);
  const writeCoarse = groupWriter(database, coarseRollUp, maxGroupsOfDay);
  const writeTags = groupWriter(database, tagRollUp, maxGroupsOfDay);
  const wordOf = (text: string | null) => (text === null ? 0 : words.numberOf(text));
  return (row: CallRow) => {
    const group = {
      day: Math.floor(row.startedAt / dayMs),
      calls: 1,
      failed: isFailed(row) ? 1 : 0,
      unpriced: row.costNanoUsd === null ? 1 : 0,
      costNano: BigInt(row.costNanoUsd ?? 0),
      promptTokens: tokens(row.usage?.input) ?? 0,
      completionTokens: tokens(row.usage?.output) ?? 0,
    };
    const payer = [wordOf(row.keyId), wordOf(row.teamId)];
    const route = words.numberOf(row.route);
    const names = [...payer, wordOf(row.userId), route, row.model ?? ""];
    writeDaily({ ...group, names: [...names, row.endUser ?? ""] });
    writeCoarse({ ...group, names });
    for (const tag of new Set(row.tags)) writeTags({ ...group, names: [...payer, tag] });
  };
}
