import { pageOf, type Query } from "../../query.ts";
import { isRange, type Range, rangeStart } from "./ranges.ts";

/** Filters that are one text each, under the API's names: the address has them under the same. */
export const textFilters = [
  ["search", "Text in bodies"],
  ["route", "Route"],
  ["model", "Model"],
  ["key_alias", "Key alias"],
  ["api_key", "Key or key id"],
  ["team_id", "Team id"],
  ["user_id", "User id"],
  ["end_user", "End user"],
  ["tag", "Tag"],
  ["error_code", "Error code"],
  ["provider", "Usage format"],
  ["min_duration_ms", "Duration at least (ms)"],
  ["max_duration_ms", "Duration at most (ms)"],
  ["min_spend", "Cost at least (USD)"],
  ["max_spend", "Cost at most (USD)"],
  ["request_id", "Call id"],
] as const;

export type TextFilter = (typeof textFilters)[number][0];

export type StatusChoice = "all" | "failed" | "4xx" | "5xx" | "other";

export type SortColumn = "startTime" | "spend" | "request_duration_ms" | "http_status";

const sortColumns: readonly SortColumn[] = [
  "startTime",
  "spend",
  "request_duration_ms",
  "http_status",
];

/** What the list shows: everything that its address says. */
export interface LogQuery {
  readonly texts: Readonly<Partial<Record<TextFilter, string>>>;
  readonly statusFilter: "success" | "failure" | null;
  /** `404`, `5xx`, `429,5xx`. */
  readonly httpStatus: string | null;
  readonly range: Range;
  /** ISO; of the range `custom`. */
  readonly start: string | null;
  readonly end: string | null;
  readonly sortBy: SortColumn;
  readonly descending: boolean;
  readonly page: number;
  readonly live: boolean;
}

/** What an address says; what is not understood there is left out. */
export function readLogQuery(params: URLSearchParams): LogQuery {
  const text = (name: string) => params.get(name)?.trim() || null;
  const texts: Partial<Record<TextFilter, string>> = {};
  for (const [name] of textFilters) {
    const value = text(name);
    if (value !== null) texts[name] = value;
  }
  const status = text("status_filter");
  const [start, end] = [isoOf(text("start_date")), isoOf(text("end_date"))];
  const hasDates = start !== null || end !== null;
  const range = params.get("range");
  const sortBy = sortColumns.find((name) => name === params.get("sort_by")) ?? "startTime";
  return {
    texts,
    statusFilter: status === "success" || status === "failure" ? status : null,
    httpStatus: text("http_status"),
    range: hasDates ? "custom" : isRange(range) ? range : "any",
    start,
    end,
    sortBy,
    descending: params.get("sort_order") !== "asc",
    page: pageOf(params),
    live: params.get("live") === "1",
  };
}

/** The address of a list: only what differs from the plain one, always in the same order. */
export function writeLogQuery(query: LogQuery): URLSearchParams {
  const params = new URLSearchParams();
  const put = (name: string, value: string | null | undefined) => {
    if (value) params.set(name, value);
  };
  if (query.range === "custom") {
    put("start_date", query.start);
    put("end_date", query.end);
    if (query.start === null && query.end === null) put("range", "custom");
  } else if (query.range !== "any") put("range", query.range);
  put("status_filter", query.statusFilter);
  put("http_status", query.httpStatus);
  for (const [name] of textFilters) put(name, query.texts[name]);
  if (query.sortBy !== "startTime") put("sort_by", query.sortBy);
  if (!query.descending) put("sort_order", "asc");
  if (query.page > 1) put("page", String(query.page));
  if (query.live) put("live", "1");
  return params;
}

/** The filters as the API takes them; `now` in epoch milliseconds, for ranges that end with it. */
export function filtersOf(query: LogQuery, now: number): Query {
  const { range, start, end, statusFilter, httpStatus, texts } = query;
  const since = range === "custom" ? start : rangeStart(range, now);
  return {
    ...texts,
    status_filter: statusFilter,
    http_status: httpStatus,
    start_date: since,
    end_date: range === "custom" ? end : null,
  };
}

export const pageSize = 50;

/** One page of the list. */
export function pageQueryOf(query: LogQuery, now: number): Query {
  return {
    page: query.page,
    page_size: pageSize,
    ...filtersOf(query, now),
    sort_by: query.sortBy,
    sort_order: query.descending ? "desc" : "asc",
  };
}

/** The filters change: the list begins again, and what is live stays so only where it can. */
export function withFilters(query: LogQuery, change: Partial<LogQuery>): LogQuery {
  const next = { ...query, page: 1, ...change };
  return { ...next, live: next.live && canBeLive(next) };
}

/** The newest calls are on the first page of a list by time, and have not ended. */
export function canBeLive({ end, range, sortBy, descending, page }: LogQuery): boolean {
  const isOpen = range !== "custom" || end === null;
  return isOpen && sortBy === "startTime" && descending && page === 1;
}

export function hasFilters({ texts, statusFilter, httpStatus, range }: LogQuery): boolean {
  const hasStatus = statusFilter !== null || httpStatus !== null;
  return hasStatus || range !== "any" || Object.keys(texts).length > 0;
}

/** Which of the quick choices a query is; `other` is none of them. */
export function statusChoiceOf({ statusFilter, httpStatus }: LogQuery): StatusChoice {
  if (httpStatus === null) {
    if (statusFilter === null) return "all";
    return statusFilter === "failure" ? "failed" : "other";
  }
  if (statusFilter !== null) return "other";
  return httpStatus === "4xx" || httpStatus === "5xx" ? httpStatus : "other";
}

export function withStatus(query: LogQuery, choice: StatusChoice): LogQuery {
  const isClass = choice === "4xx" || choice === "5xx";
  return withFilters(query, {
    statusFilter: choice === "failed" ? "failure" : null,
    httpStatus: isClass ? choice : null,
  });
}

function isoOf(text: string | null): string | null {
  if (text === null) return null;
  const time = Date.parse(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.]*$/.test(text) ? `${text}Z` : text);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
