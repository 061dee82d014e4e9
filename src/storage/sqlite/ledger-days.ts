import type { Database, SQLQueryBindings } from "bun:sqlite";
import { type CallFilter, otherNames } from "../../core/spend.ts";
import { type Condition, conditions, json, whereOf } from "./conditions.ts";
import type { Candidate } from "./ledger-candidates.ts";
import { dayMs } from "./ledger-roll-ups.ts";
import { keyAmong, word } from "./ledger-words.ts";

/** Fewer blocks are read in a moment. */
const fewBlocks = 10;

/**
 * Leaves out blocks of days on which no call has all the names that are asked for: a block knows of each name that it
 * holds it, and not which ones meet in a row. The roll-up by day does.
 */
export function onDaysOf(
  database: Database,
  filter: CallFilter,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const { sql, values } = conditions(dayConditions(filter));
  if (sql.length < 2 || candidates.length < fewBlocks) return candidates;
  const select = `SELECT DISTINCT day FROM spend_coarse${whereOf(sql)}`;
  const found = database.query<{ day: number }, SQLQueryBindings[]>(select).all(...values);
  const days = new Set(found.map(({ day }) => day));
  const rolledUp = database.query<{ seq: number }, []>("SELECT seq FROM rolled_up").get()?.seq ?? 0;
  return candidates.filter((candidate) => candidate.last > rolledUp || isOnOneOf(days, candidate));
}

function isOnOneOf(days: ReadonlySet<number>, { firstStart, lastStart }: Candidate): boolean {
  const last = Math.floor(lastStart / dayMs);
  for (let day = Math.floor(firstStart / dayMs); day <= last; day++) if (days.has(day)) return true;
  return false;
}

function dayConditions({ keyIds, teamId, userId, route, model }: CallFilter): Condition[] {
  return [
    [keyAmong, json(keyIds)],
    [`team = ${word}`, teamId],
    [`user = ${word}`, userId],
    [`route = ${word}`, route],
    [`model IN (?, '${otherNames}')`, model],
  ];
}
