import type { Database } from "bun:sqlite";
import type { Page, PageRequest } from "../../core/key-book.ts";
import type { CallFilter, RowOrder } from "../../core/spend.ts";
import type { CallRow } from "../../core/types.ts";
import {
  type Candidate,
  candidates,
  createFilterNames,
  type FilterNames,
} from "./ledger-candidates.ts";
import { onDaysOf } from "./ledger-days.ts";
import { countAmongIds, type Found, findRows, inIndex } from "./ledger-find.ts";
import { rowsAt } from "./ledger-rows.ts";
import { boundedTotal, createRowState, exactTotal, type RowState } from "./ledger-totals.ts";

interface Question {
  readonly filter: CallFilter;
  readonly names: FilterNames;
  readonly state: RowState;
}

/** `SpendReader.rows` and `SpendReader.scan`, at once. */
export function createRowQueries(database: Database) {
  const namesOf = createFilterNames(database);
  const state = createRowState(database);
  const asked = (filter: CallFilter): Question => ({
    filter,
    names: namesOf(filter),
    state: state(),
  });
  const rows = database.transaction((filter: CallFilter, order: RowOrder, page: PageRequest) =>
    pageOf(database, asked(filter), order, page),
  );
  const find = database.prepare<Found, [string]>(
    "SELECT seq, started_at AS value FROM calls WHERE id = ?",
  );
  const scan = database.transaction((filter: CallFilter, after: string | null, size: number) => {
    const from = after === null ? null : find.get(after); // one that retention removed: all that is left is behind it
    return scanned(database, asked(filter), { from, size });
  });
  return {
    rows: (filter: CallFilter, order: RowOrder, page: PageRequest): Page<CallRow> =>
      rows.deferred(filter, order, page),
    scan: (filter: CallFilter, after: string | null, size: number): CallRow[] =>
      scan.deferred(filter, after, size),
  };
}

function pageOf(
  database: Database,
  question: Question,
  order: RowOrder,
  { page, size }: PageRequest,
): Page<CallRow> {
  const { filter, names } = question;
  const offset = (page - 1) * size;
  const readIndex = () =>
    rowsAt(database, inIndex(database, { filter, order, count: size, offset }));
  if (isOfIds(filter)) return { items: readIndex(), total: countAmongIds(database, filter) };
  if (order.by === "startedAt" && hasIndex(question)) {
    return { items: readIndex(), total: exactTotal(database, question) };
  }
  const stretches = stretchesOf(database, question, order);
  const found = findRows(database, { filter, order, count: offset + size }, stretches);
  const items = rowsAt(database, found.slice(offset));
  if (names.isExact && !hasBounds(filter)) return { items, total: exactTotal(database, question) };
  const { total, isCapped } = boundedTotal(database, filter, stretches);
  const least = items.length === 0 ? 0 : offset + items.length;
  return isCapped ? { items, total: Math.max(total, least), isCapped } : { items, total };
}

/** By their start, the first ones first. */
function scanned(
  database: Database,
  question: Question,
  { from, size }: { readonly from: Found | null; readonly size: number },
): CallRow[] {
  const { filter } = question;
  const order: RowOrder = { by: "startedAt", descending: false };
  const search = { filter, order, count: size, ...(from === null ? {} : { after: from }) };
  if (hasIndex(question) || isOfIds(filter)) return rowsAt(database, inIndex(database, search));
  const since = Math.max(filter.since ?? 0, from?.value ?? 0);
  const rest = { ...question, filter: { ...filter, since } };
  return rowsAt(database, findRows(database, search, stretchesOf(database, rest, order)));
}

/** By time. */
function hasIndex({ filter, names }: Question): boolean {
  return names.lists.length === 0 && !hasBounds(filter) && !isOfIds(filter);
}

function hasBounds(filter: CallFilter): boolean {
  const { minSpendNanoUsd, maxSpendNanoUsd, minDurationMs, maxDurationMs } = filter;
  return [minSpendNanoUsd, maxSpendNanoUsd, minDurationMs, maxDurationMs].some(
    (bound) => bound !== undefined,
  );
}

function isOfIds({ id, ids }: CallFilter): boolean {
  return id !== undefined || ids !== undefined;
}

/** The rows that are in no block yet, then the blocks. */
function stretchesOf(
  database: Database,
  { filter, names, state }: Question,
  order: RowOrder,
): Candidate[] {
  const best = order.descending ? Infinity : -Infinity;
  const last = Number.MAX_SAFE_INTEGER;
  const tail = { first: state.tail, last, best, firstStart: 0, lastStart: last, places: null };
  return [tail, ...onDaysOf(database, filter, candidates(database, names, filter, order))];
}
