import { expect, test } from "bun:test";
import {
  canBeLive,
  filtersOf,
  hasFilters,
  pageQueryOf,
  readLogQuery,
  statusChoiceOf,
  withFilters,
  withStatus,
  writeLogQuery,
} from "../../src/ui/pages/logs/query.ts";
import { isoOfField, localField } from "../../src/ui/pages/logs/ranges.ts";
import { neighbourQuery } from "../../src/ui/pages/logs/neighbours.ts";

const read = (text: string) => readLogQuery(new URLSearchParams(text));
const now = Date.parse("2026-11-21T12:00:00Z");

test.each([
  "",
  "range=1h",
  "range=custom",
  "start_date=2026-11-20T10%3A00%3A00.000Z&end_date=2026-11-21T10%3A00%3A00.000Z",
  "status_filter=failure&model=gpt-4o&min_spend=0.5&sort_by=spend&page=3",
  "http_status=429%2C5xx&search=a+%26+b&tag=%E2%80%AEgnp&sort_order=asc",
  "range=24h&route=%2Fecho&live=1",
])("an address is read and written as it was: %s", (text) => {
  expect(writeLogQuery(read(text)).toString()).toBe(text);
});

test("what an address says wrongly is left out", () => {
  const query = read(
    "page=-1&sort_by=__proto__&status_filter=maybe&range=2y&start_date=soon&live=x",
  );

  expect(query).toEqual(read(""));
  expect(hasFilters(query)).toBe(false);
});

test("a range ends now, and dates take its place", () => {
  expect(filtersOf(read("range=15m"), now)["start_date"]).toBe("2026-11-21T11:45:00.000Z");
  expect(filtersOf(read("range=1h&start_date=2026-11-01 10:00"), now)).toMatchObject({
    start_date: "2026-11-01T10:00:00.000Z",
    end_date: null,
  });
});

test("a page asks for its rows, in the order of the server", () => {
  expect(pageQueryOf(read("page=2&sort_by=request_duration_ms&model=m"), now)).toEqual({
    page: 2,
    page_size: 50,
    model: "m",
    status_filter: null,
    http_status: null,
    start_date: null,
    end_date: null,
    sort_by: "request_duration_ms",
    sort_order: "desc",
  });
});

test("a change of filters begins at the first page, and ends the live tail where it cannot be", () => {
  const live = read("live=1&page=1");

  expect(withFilters({ ...live, page: 7 }, { range: "1h" })).toMatchObject({ page: 1, live: true });
  expect(withFilters(live, { sortBy: "spend" }).live).toBe(false);
  expect(canBeLive(read("end_date=2026-11-01"))).toBe(false);
});

test.each(["all", "failed", "4xx", "5xx"] as const)(
  "the status %s is chosen and told",
  (choice) => {
    expect(statusChoiceOf(withStatus(read("http_status=404&status_filter=success"), choice))).toBe(
      choice,
    );
  },
);

test("a list of statuses is none of the quick choices", () => {
  expect(statusChoiceOf(read("http_status=404,429"))).toBe("other");
});

test("a field of local time gives back the time that it was given", () => {
  expect(isoOfField(localField("2026-07-01T10:30:00.000Z"))).toBe("2026-07-01T10:30:00.000Z");
  expect(localField(null)).toBe("");
  expect(isoOfField("")).toBeNull();
});

test("the neighbours of a call are of its list, whatever that is sorted by", () => {
  const query = read("sort_by=spend&model=m&range=1h&request_id=x");
  const at = "2026-11-21T11:30:00.000Z";

  expect(neighbourQuery(query, at, "older", now)).toMatchObject({
    model: "m",
    start_date: "2026-11-21T11:00:00.000Z",
    end_date: at,
    request_id: null,
    sort_by: "startTime",
    sort_order: "desc",
  });
  expect(neighbourQuery(query, at, "newer", now)).toMatchObject({
    start_date: at,
    end_date: null,
    sort_order: "asc",
  });
});
