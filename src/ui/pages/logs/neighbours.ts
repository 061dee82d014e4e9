import type { Query } from "../../query.ts";
import type { LogReply } from "../../replies.ts";
import { filtersOf, type LogQuery } from "./query.ts";

export type Direction = "older" | "newer";

/** Calls of one millisecond that are passed over at most. */
const fewRows = 50;

/** Asks for the calls of a list around one of them, by time: itself, and those behind it. */
export function neighbourQuery(
  query: LogQuery,
  startTime: string,
  direction: Direction,
  now: number,
): Query {
  const filters = filtersOf(query, now);
  const edge = direction === "older" ? { end_date: startTime } : { start_date: startTime };
  const order = direction === "older" ? "desc" : "asc";
  return {
    ...filters,
    ...edge,
    request_id: null,
    page_size: fewRows,
    sort_by: "startTime",
    sort_order: order,
  };
}

/** The one behind it; null where it is the last. */
export function neighbourOf(rows: readonly LogReply[], id: string): LogReply | null {
  const at = rows.findIndex((call) => call.request_id === id);
  return rows[at + 1] ?? null;
}
