import { pageOf, type Query } from "../../query.ts";

/** What the list is narrowed to: everything that its address says. Empty: not narrowed. */
export interface AuditQuery {
  readonly action: string;
  readonly subject: string;
  readonly actor: string;
  /** Local days, as `2026-11-21`; the last one is in the list as a whole. */
  readonly from: string;
  readonly to: string;
  readonly page: number;
}

export const pageSize = 25;

const texts = ["action", "subject", "actor"] as const;
const days = ["from", "to"] as const;

/** What an address says; what is not understood there is left out. */
export function readAuditQuery(params: URLSearchParams): AuditQuery {
  const text = (name: string) => (params.get(name) ?? "").trim().slice(0, 1000);
  const day = (name: string) => (isDay(text(name)) ? text(name) : "");
  return {
    action: text("action"),
    subject: text("subject"),
    actor: text("actor"),
    from: day("from"),
    to: day("to"),
    page: pageOf(params),
  };
}

/** Only what differs from the plain list, always in the same order. */
export function writeAuditQuery(query: AuditQuery): URLSearchParams {
  const params = new URLSearchParams();
  for (const name of [...texts, ...days]) if (query[name] !== "") params.set(name, query[name]);
  if (query.page > 1) params.set("page", String(query.page));
  return params;
}

/** One page, as the API takes it: days of this browser as moments. */
export function pageQueryOf({ action, subject, actor, from, to, page }: AuditQuery): Query {
  return {
    action,
    subject,
    actor,
    start_date: from === "" ? null : startOf(from, 0),
    end_date: to === "" ? null : startOf(to, 1),
    page,
    page_size: pageSize,
  };
}

export function hasFilters(query: AuditQuery): boolean {
  return [...texts, ...days].some((name) => query[name] !== "");
}

export const noFilters: AuditQuery = {
  action: "",
  subject: "",
  actor: "",
  from: "",
  to: "",
  page: 1,
};

/** ISO of the local midnight that so many days later begins. */
function startOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text < "1970-01-02" || text > "9999-12-30") return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
