import { expect, test } from "bun:test";
import { endOf, pagesOf, timeOf } from "../../src/http/paging.ts";

test("dates are read in UTC unless they name a zone", () => {
  const at = Date.UTC(2026, 10, 21, 13, 5, 9);

  for (const text of [
    "2026-11-21 13:05:09",
    "2026-11-21T13:05:09",
    "2026-11-21T13:05:09Z",
    "2026-11-21T15:05:09+02:00",
    "2026-11-21T15:05:09 02:00",
    "2026-11-21 13:05:09.000",
  ]) {
    expect([text, timeOf(text)]).toEqual([text, at]);
  }
  expect(timeOf("2026-11-21")).toBe(Date.UTC(2026, 10, 21));
  expect(timeOf("2026-11-21 13:05")).toBe(Date.UTC(2026, 10, 21, 13, 5));
  for (const text of [
    "",
    "today",
    "2026-13-01",
    "2026-02-31",
    "2026-02-29 10:00",
    "21.11.2026",
    "2026-11-21 25:00:00",
    "1e3",
  ]) {
    expect([text, timeOf(text)]).toEqual([text, null]);
  }
});

test("a span that ends with a day holds all of it", () => {
  expect(endOf("2026-11-21")).toBe(Date.UTC(2026, 10, 22));
  expect(endOf("2026-11-21 00:00:00")).toBe(Date.UTC(2026, 10, 21));
  expect([pagesOf(0, 10), pagesOf(10, 10), pagesOf(11, 10)]).toEqual([0, 1, 2]);
});
