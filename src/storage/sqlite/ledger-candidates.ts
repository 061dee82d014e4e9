import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { CallFilter, CallOrder, RowOrder } from "../../core/spend.ts";
import { type Condition, conditions, whereOf } from "./conditions.ts";
import {
  everyName,
  manyOf,
  type NameKind,
  nameOfNumber,
  nameOfText,
} from "./ledger-block-names.ts";
import { blockRows } from "./ledger-blocks.ts";

/** Rows that are looked at together, `first` to `last`. */
export interface Candidate {
  readonly first: number;
  readonly last: number;
  /** What can be at most the best value of the order in it. */
  readonly best: number;
  /** Between which starts its rows are; epoch milliseconds. */
  readonly firstStart: number;
  readonly lastStart: number;
  /** The only ones of them that can be meant, as a JSON list of their distances from `first`; null: any of them. */
  readonly places: string | null;
}

/** What a filter says of names, as blocks know them. */
export interface FilterNames {
  /** A row has one of each list's names. */
  readonly lists: readonly (readonly number[])[];
  /** Blocks under these names hold rows of the filter only, as far as the lists are concerned. */
  readonly isExact: boolean;
}

export function createFilterNames(database: Database): (filter: CallFilter) => FilterNames {
  const find = database.prepare<{ id: number }, [string]>("SELECT id FROM words WHERE text = ?");
  const has = database.prepare<unknown, [number]>("SELECT 1 FROM blocks WHERE name = ? LIMIT 1");
  const words = (kind: NameKind, texts: readonly string[]) =>
    texts.flatMap((text) => {
      const id = find.get(text)?.id;
      return id === undefined ? [] : [nameOfNumber(kind, id)];
    });
  const numbers = (kind: NameKind, ids: readonly number[]) =>
    ids.map((id) => nameOfNumber(kind, id));
  const chosen = (kind: NameKind, text: string) => {
    const name = nameOfText(kind, text);
    return has.get(manyOf(kind)) === null ? [name] : [name, manyOf(kind)];
  };
  return (filter) => {
    const { teamId, userId, route, provider, error, status, failed, model, endUser, tag } = filter;
    const texts = [
      ...(model === undefined ? [] : [chosen("model", model)]),
      ...(endUser === undefined ? [] : [chosen("endUser", endUser)]),
      ...(tag === undefined ? [] : [chosen("tag", tag)]),
    ];
    const lists = [
      ...(filter.keyIds === undefined ? [] : [words("key", [...new Set(filter.keyIds)])]),
      ...(teamId === undefined ? [] : [words("team", [teamId])]),
      ...(userId === undefined ? [] : [words("user", [userId])]),
      ...(route === undefined ? [] : [words("route", [route])]),
      ...(provider === undefined ? [] : [words("provider", [provider])]),
      ...(error === undefined ? [] : [words("error", [error])]),
      ...(status === undefined ? [] : [numbers("status", [status])]),
      ...(filter.statuses === undefined ? [] : [numbers("status", [...new Set(filter.statuses)])]),
      ...(failed === undefined ? [] : [numbers("failed", [failed ? 1 : 0])]),
      ...texts,
    ];
    return { lists, isExact: lists.length <= 1 && texts.every((names) => names.length === 1) };
  };
}

const bounds: Readonly<Record<CallOrder, readonly [least: string, most: string]>> = {
  startedAt: ["first_start", "last_start"],
  cost: ["least_cost", "most_cost"],
  durationMs: ["least_ms", "most_ms"],
  status: ["least_status", "most_status"],
};

/** The blocks that can hold rows of the filter, those with the best values of the order first. */
export function candidates(
  database: Database,
  names: FilterNames,
  filter: CallFilter,
  { by, descending }: RowOrder,
): Candidate[] {
  const { from, values } = blocksOf(names);
  const isOne = from.length === 1;
  const [least, most] = bounds[by];
  const of = (column: string) => from.map((_, index) => `b${index}.${column}`).join(", ");
  const extreme = descending ? `min(${of(most)})` : `max(${of(least)})`;
  const best = isOne ? of(descending ? most : least) : extreme; // of one value they are aggregates
  const { sql, values: within } = conditions(from.flatMap((_, index) => inBounds(index, filter)));
  const joined = from.map((_, index) => `b${index}.block = b0.block`).slice(1);
  const direction = descending ? "DESC" : "ASC";
  const select = `SELECT b0.block AS block, ${best} AS best, b0.first_start AS firstStart,
      b0.last_start AS lastStart, coalesce(${from.map((_, index) => `b${index}.places`).join(", ")}, NULL) AS places
    FROM ${from.map((one, index) => `${one} AS b${index}`).join(" CROSS JOIN ")}
    ${whereOf([...joined, ...sql])} ORDER BY best ${direction}, block ${direction}`;
  return database
    .query<Omit<Candidate, "first" | "last"> & { block: number }, SQLQueryBindings[]>(select)
    .all(...values, ...within)
    .map(({ block, ...bounds }) => ({
      ...bounds,
      first: block * blockRows,
      last: block * blockRows + blockRows - 1,
    }));
}

/** One source of blocks for each list of names: the table where it can be, since its key is then the order. */
export function blocksOf(names: FilterNames): { from: string[]; values: SQLQueryBindings[] } {
  const lists = names.lists.length === 0 ? [[everyName]] : names.lists;
  return {
    from: lists.map((list) => (list.length === 1 ? single : grouped)),
    values: lists.map((list) => (list.length === 1 ? (list[0] ?? 0) : JSON.stringify(list))),
  };
}

const single = "(SELECT * FROM blocks WHERE name = ?)";

const grouped = `(SELECT block, sum(calls) AS calls, min(first_start) AS first_start, max(last_start) AS last_start,
  min(least_cost) AS least_cost, max(most_cost) AS most_cost, min(least_ms) AS least_ms, max(most_ms) AS most_ms,
  min(least_status) AS least_status, max(most_status) AS most_status,
  NULL AS places
  FROM blocks WHERE name IN (SELECT value FROM json_each(?)) GROUP BY block)`;

/** What a block's bounds have to be for a row in it to meet the filter. */
function inBounds(index: number, filter: CallFilter): Condition[] {
  return [
    [`b${index}.last_start >= ?`, filter.since],
    [`b${index}.first_start < ?`, filter.until],
    [`b${index}.most_cost >= ?`, filter.minSpendNanoUsd],
    [`b${index}.least_cost <= ?`, filter.maxSpendNanoUsd],
    [`b${index}.most_cost >= ?`, filter.maxSpendNanoUsd === undefined ? undefined : 0],
    [`b${index}.most_ms >= ?`, filter.minDurationMs],
    [`b${index}.least_ms <= ?`, filter.maxDurationMs],
  ];
}
