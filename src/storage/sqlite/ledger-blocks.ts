import type { Database } from "bun:sqlite";
import { type CountedRow, followRows, type ReadAddedRows } from "./ledger-added-rows.ts";
import { everyName } from "./ledger-block-names.ts";
import { type Bounds, boundsBuilder, maxPlaces } from "./ledger-bounds.ts";

/** Rows of a block: those whose `seq` has the same thousands. */
export const blockRows = 1_000;

/** Blocks are made by the ten: each of their names has a page of its own to be written. */
const batchBlocks = 10;

interface Made {
  readonly name: number;
  readonly block: number;
  readonly one: Bounds;
}

/** The rows that are in no block yet. */
export interface Blocks {
  add(row: CountedRow, seq: number): void;
  /** Makes the next blocks once they are full, and says whether it did; to be called in a transaction that added rows. */
  make(): boolean;
  rolledBack(): void;
}

export function createBlocks(database: Database, read: ReadAddedRows): Blocks {
  const state = database.prepare<{ next: number; newest: number }, []>(
    "SELECT blocks_to AS next, coalesce((SELECT max(seq) FROM calls), 0) AS newest FROM rolled_up",
  );
  const advance = database.prepare("UPDATE rolled_up SET blocks_to = ?");
  const write = blockWriter(database);
  const gathered = gatherBlocks();
  const rows = followRows(gathered);
  return {
    add: rows.add,
    make: () => {
      const { next, newest } = state.get() ?? { next: 0, newest: 0 };
      const first = next * blockRows - 1;
      const to = next + batchBlocks;
      const end = to * blockRows - 1;
      if (!rows.isAt(first, newest)) {
        rows.restart(first);
        const last = Math.min(newest, end);
        for (const row of read(first, last)) gathered.add(row, row.seq);
        rows.reached(last);
      }
      if (newest < end) return false;
      for (const { name, block, one } of gathered.take(to)) write(name, block, one);
      advance.run(to);
      rows.passed(end);
      return true;
    },
    rolledBack: rows.forget,
  };
}

function gatherBlocks() {
  const open = new Map<number, ReturnType<typeof boundsBuilder>>();
  return {
    add: (row: CountedRow, seq: number) => {
      const number = Math.floor(seq / blockRows);
      let block = open.get(number);
      if (block === undefined) open.set(number, (block = boundsBuilder()));
      block.add(row, seq - number * blockRows);
    },
    clear: () => open.clear(),
    /** Those before a number, in the order in which they are written: a page is looked for once. */
    take: (to: number): Made[] => {
      const made: Made[] = [];
      for (const [block, builder] of open) {
        if (block >= to) continue;
        for (const [name, one] of builder.result()) made.push({ name, block, one });
        open.delete(block);
      }
      return made.sort((a, b) => a.name - b.name || a.block - b.block);
    },
  };
}

/** Empty blocks that are worth to be looked for. */
const emptyBlocks = 100;

/** Removes blocks whose rows are gone, of one name after the other; true while there are more. */
export function createBlockRetention(database: Database): () => boolean {
  const state = database.prepare<{ oldest: number | null; first: number | null }, [number]>(
    "SELECT (SELECT min(seq) FROM calls) AS oldest, (SELECT min(block) FROM blocks WHERE name = ?) AS first",
  );
  const nextName = database.prepare<{ name: number }, [number]>(
    "SELECT name FROM blocks WHERE name > ? ORDER BY name LIMIT 1",
  );
  const remove = database.prepare("DELETE FROM blocks WHERE name = ? AND block < ?");
  let name = everyName;
  const removeSome = database.transaction(() => {
    const { oldest, first } = state.get(everyName) ?? { oldest: null, first: null };
    const to = Math.floor((oldest ?? 0) / blockRows);
    if (first === null || to - first < emptyBlocks) return false;
    for (let count = 0; count < 100; count++) {
      const next = nextName.get(name)?.name;
      name = next ?? everyName; // the name of all goes last: while it is there, there is more to do
      remove.run(name, to);
      if (next === undefined) return false;
    }
    return true;
  });
  return () => removeSome.immediate();
}

function blockWriter(database: Database) {
  const insert = database.prepare(
    `INSERT INTO blocks (name, block, calls, first_start, last_start, least_cost, most_cost, least_ms,
       most_ms, least_status, most_status, places) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (name: number, block: number, one: Bounds) =>
    insert.run(
      name,
      block,
      one.calls,
      one.firstStart,
      one.lastStart,
      one.leastCost,
      one.mostCost,
      one.leastMs,
      one.mostMs,
      one.leastStatus,
      one.mostStatus,
      one.calls > maxPlaces ? null : `[${one.places.join(",")}]`,
    );
}
