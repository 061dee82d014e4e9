import type { Database } from "bun:sqlite";
import { type CountedRow, followRows, type ReadAddedRows } from "./ledger-added-rows.ts";
import { type GatheredGroups, gatherGroups } from "./ledger-groups.ts";
import {
  coarser,
  coarseRollUp,
  dailyRollUp,
  groupWriter,
  maxGroupsOfDay,
  tagRollUp,
} from "./ledger-roll-ups.ts";

/** So many rows are added to the roll-ups at once; fewer where they are of so many groups: each is a row to be written. */
const batchRows = 10_000;
const batchGroups = 1_000;

/** The roll-ups' share in the rows: adds those that are not in them yet. */
export interface RowRollUps {
  add(row: CountedRow, seq: number): void;
  /** A call that is not kept one by one: is in the roll-ups with the next `flush`. */
  count(row: CountedRow): void;
  /** What was counted; to be called at the end of a transaction. */
  flush(): void;
  /** Adds the rows once they are many; to be called in a transaction that added rows. */
  keepUp(): void;
  /** Adds all, in a transaction of its own; before a report is made, and before rows are removed. */
  catchUp(): void;
  rolledBack(): void;
}

export function createRowRollUps(
  database: Database,
  read: ReadAddedRows,
  maxGroups = maxGroupsOfDay,
): RowRollUps {
  const last = database.prepare<{ seq: number; newest: number }, []>(
    "SELECT seq, coalesce((SELECT max(seq) FROM calls), 0) AS newest FROM rolled_up",
  );
  const advance = database.prepare("UPDATE rolled_up SET seq = ?");
  const write = groupsWriter(database, maxGroups);
  const unkept = gatherGroups();
  const gathered = gatherGroups();
  const rows = followRows(gathered);
  const passTo = (to: number) => {
    write(gathered);
    advance.run(to);
    rows.restart(to);
  };
  /** A process that ended gathered some: they are read again. */
  const addOthers = (seq: number, newest: number) => {
    for (let at = seq; at < newest; at += batchRows) {
      rows.restart(at);
      const to = Math.min(newest, at + batchRows);
      for (const row of read(at, to)) gathered.add(row);
      passTo(to);
    }
  };
  const keepUp = (least: number) => {
    const { seq, newest } = last.get() ?? { seq: 0, newest: 0 };
    if (newest - seq < least) return;
    if (rows.isAt(seq, newest)) passTo(newest);
    else addOthers(seq, newest);
  };
  const catchUp = database.transaction(() => keepUp(1));
  return {
    add: rows.add,
    count: unkept.add,
    flush: () => {
      write(unkept);
      unkept.clear();
    },
    keepUp: () => keepUp(gathered.size() < batchGroups ? batchRows : 1),
    catchUp: () => {
      try {
        catchUp.immediate();
      } catch (error) {
        rows.forget();
        throw error;
      }
    },
    rolledBack: () => {
      unkept.clear();
      rows.forget();
    },
  };
}

function groupsWriter(database: Database, maxGroups: number): (groups: GatheredGroups) => void {
  const addDaily = groupWriter(database, dailyRollUp, maxGroups);
  const addCoarse = groupWriter(database, coarseRollUp, maxGroups);
  const addTags = groupWriter(database, tagRollUp, maxGroups);
  return (gathered) => {
    const calls = gathered.calls();
    for (const group of calls) addDaily(group);
    for (const group of coarser(calls, coarseRollUp.columns.length)) addCoarse(group);
    for (const group of gathered.tagged()) addTags(group);
  };
}
