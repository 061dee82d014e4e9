import type { Database } from "bun:sqlite";
import {
  chosenKinds,
  everyName,
  manyOf,
  maxChosen,
  type NameKind,
  nameOfNumber,
  nameOfText,
} from "./ledger-block-names.ts";

/** Rows of a block: those whose `seq` has the same thousands. */
export const blockRows = 1_000;

/** Blocks are made by the ten: each of their names has a page of its own to be written. */
const batchBlocks = 10;

/** What a block says of its rows with one name. A cost that is not known is -1. */
interface Bounds {
  calls: number;
  firstStart: number;
  lastStart: number;
  leastCost: number;
  mostCost: number;
  leastMs: number;
  mostMs: number;
  leastStatus: number;
  mostStatus: number;
}

interface Made {
  readonly name: number;
  readonly block: number;
  readonly one: Bounds;
}

interface BlockRow {
  readonly startedAt: number;
  readonly cost: number;
  readonly durationMs: number;
  readonly status: number;
  readonly failed: number;
  readonly key: number | null;
  readonly team: number | null;
  readonly user: number | null;
  readonly route: number;
  readonly provider: number | null;
  readonly error: number | null;
  readonly model: string | null;
  readonly endUser: string | null;
  readonly tags: string | null;
}

/** Makes the next blocks once they are full; to be called in a transaction that added rows. */
export function createBlocks(database: Database): () => void {
  const state = database.prepare<{ next: number; newest: number }, []>(
    "SELECT blocks_to AS next, coalesce((SELECT max(seq) FROM calls), 0) AS newest FROM rolled_up",
  );
  const advance = database.prepare("UPDATE rolled_up SET blocks_to = ?");
  const select = database.prepare<BlockRow, [number, number]>(
    `SELECT started_at AS startedAt, coalesce(cost_nano, -1) AS cost, duration_ms AS durationMs, status, failed, key,
       team, user, route, provider, error, model, end_user AS endUser, tags
     FROM calls WHERE seq >= ? AND seq < ?`,
  );
  const write = blockWriter(database);
  return () => {
    const { next, newest } = state.get() ?? { next: 0, newest: 0 };
    const to = next + batchBlocks;
    if (newest + 1 < to * blockRows) return;
    const made: Made[] = [];
    for (let block = next; block < to; block++) {
      const first = block * blockRows;
      const bounds = boundsOf(select.all(first, first + blockRows));
      for (const [name, one] of bounds) made.push({ name, block, one });
    }
    made.sort((a, b) => a.name - b.name || a.block - b.block); // a page is looked for once
    for (const { name, block, one } of made) write(name, block, one);
    advance.run(to);
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
       most_ms, least_status, most_status) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
    );
}

function boundsOf(rows: readonly BlockRow[]): Map<number, Bounds> {
  const bounds = new Map<number, Bounds>();
  for (const row of rows) {
    add(bounds, everyName, row);
    for (const kind of numbered) {
      const id = row[kind];
      if (id !== null) add(bounds, nameOfNumber(kind, id), row);
    }
  }
  for (const kind of chosenKinds)
    for (const [name, one] of chosenOf(rows, kind)) bounds.set(name, one);
  return bounds;
}

const numbered = ["key", "team", "user", "route", "provider", "error", "status", "failed"] as const;

function chosenOf(rows: readonly BlockRow[], kind: NameKind): Map<number, Bounds> {
  const ofText = new Map<string, Bounds>();
  const many = new Map<number, Bounds>();
  for (const row of rows) {
    for (const text of textsOf(row, kind)) {
      add(ofText, text, row);
      add(many, manyOf(kind), row);
    }
  }
  if (ofText.size > maxChosen) return many;
  return new Map([...ofText].map(([text, one]) => [nameOfText(kind, text), one]));
}

function textsOf(row: BlockRow, kind: NameKind): readonly string[] {
  if (kind === "tag") return row.tags === null ? [] : JSON.parse(row.tags);
  const text = kind === "model" ? row.model : row.endUser;
  return text === null ? [] : [text];
}

function add<Name>(all: Map<Name, Bounds>, name: Name, row: BlockRow): void {
  const { startedAt, cost, durationMs, status } = row;
  const one = all.get(name);
  if (one === undefined) {
    all.set(name, {
      calls: 1,
      firstStart: startedAt,
      lastStart: startedAt,
      leastCost: cost,
      mostCost: cost,
      leastMs: durationMs,
      mostMs: durationMs,
      leastStatus: status,
      mostStatus: status,
    });
    return;
  }
  one.calls += 1;
  if (startedAt < one.firstStart) one.firstStart = startedAt;
  if (startedAt > one.lastStart) one.lastStart = startedAt;
  if (cost < one.leastCost) one.leastCost = cost;
  if (cost > one.mostCost) one.mostCost = cost;
  if (durationMs < one.leastMs) one.leastMs = durationMs;
  if (durationMs > one.mostMs) one.mostMs = durationMs;
  if (status < one.leastStatus) one.leastStatus = status;
  if (status > one.mostStatus) one.mostStatus = status;
}
