import { describe, expect, test } from "bun:test";
import { after, type Duration, parseDuration, periodAt } from "../../src/core/duration.ts";
import { between, seeded } from "./parts.ts";

const hour = 3_600_000;
const day = 24 * hour;

function duration(text: string): Duration {
  const parsed = parseDuration(text);
  if (parsed === null) throw new Error(`${text} is no duration`);
  return parsed;
}

const iso = (ms: number) => new Date(ms).toISOString();

describe("parse", () => {
  test.each([
    ["30s", 30_000],
    ["30m", 1_800_000],
    ["30h", 30 * hour],
    ["30d", 30 * day],
    ["2w", 14 * day],
    ["007d", 7 * day],
    ["3653d", 3_653 * day],
  ])("%s", (text, ms) => {
    expect(parseDuration(text)).toEqual({ kind: "fixed", ms });
  });

  test.each(["1mo", "120mo"])("%s", (text) => {
    expect(parseDuration(text)).toEqual({ kind: "months", months: Number.parseInt(text, 10) });
  });

  const wrong = [
    "",
    "0d",
    "0mo",
    "d",
    "30",
    "-1d",
    "1.5h",
    " 1d",
    "1d ",
    "1d\n",
    "1D",
    "1y",
    "1e3s",
  ];

  test.each([...wrong, "121mo", "3654d", "999999999d", "1234567890s", "١d"])("not %p", (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});

describe("after", () => {
  test.each([
    ["2026-01-31T10:00:00.000Z", "1mo", "2026-02-28T10:00:00.000Z"],
    ["2028-01-31T10:00:00.000Z", "1mo", "2028-02-29T10:00:00.000Z"],
    ["2026-12-31T23:59:59.999Z", "2mo", "2027-02-28T23:59:59.999Z"],
    ["2026-03-31T00:00:00.000Z", "1mo", "2026-04-30T00:00:00.000Z"],
    ["2028-02-29T00:00:00.000Z", "12mo", "2029-02-28T00:00:00.000Z"],
    ["2026-05-15T00:00:00.000Z", "8mo", "2027-01-15T00:00:00.000Z"],
    ["2026-02-28T00:00:00.000Z", "30d", "2026-03-30T00:00:00.000Z"],
  ])("%s and %s", (from, text, until) => {
    expect(iso(after(duration(text), Date.parse(from)))).toBe(until);
  });
});

describe("periods", () => {
  const now = Date.parse("2026-11-21T13:08:13.000Z"); // a Saturday

  test.each([
    ["1d", "2026-11-21T00:00:00.000Z", "2026-11-22T00:00:00.000Z"],
    ["7d", "2026-11-16T00:00:00.000Z", "2026-11-23T00:00:00.000Z"],
    ["1w", "2026-11-16T00:00:00.000Z", "2026-11-23T00:00:00.000Z"],
    ["30d", "2026-11-01T00:00:00.000Z", "2026-12-01T00:00:00.000Z"],
    ["1mo", "2026-11-01T00:00:00.000Z", "2026-12-01T00:00:00.000Z"],
    ["3mo", "2026-10-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
    ["12mo", "2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
    ["1h", "2026-11-21T13:00:00.000Z", "2026-11-21T14:00:00.000Z"],
    ["45m", "2026-11-21T12:45:00.000Z", "2026-11-21T13:30:00.000Z"],
    ["30s", "2026-11-21T13:08:00.000Z", "2026-11-21T13:08:30.000Z"],
  ])("%s", (text, start, end) => {
    const period = periodAt(duration(text), now);

    expect([iso(period.start), iso(period.end)]).toEqual([start, end]);
  });

  test("midnight belongs to the day that begins", () => {
    const midnight = Date.parse("2026-11-22T00:00:00.000Z");

    expect(periodAt(duration("1d"), midnight).start).toBe(midnight);
    expect(periodAt(duration("1d"), midnight - 1).end).toBe(midnight);
  });

  const lengths = ["1s", "45m", "1h", "23h", "1d", "2d", "7d", "2w", "30d", "31d", "1mo", "5mo"];

  test.each(lengths)("%s holds its moment, and touches its neighbours", (text) => {
    const random = seeded(text.length * 31 + text.charCodeAt(0));
    const length = duration(text);
    for (let round = 0; round < 500; round++) {
      const moment = between(random, 0, Date.parse("2100-01-01T00:00:00Z"));
      const { start, end } = periodAt(length, moment);

      expect(start).toBeLessThanOrEqual(moment);
      expect(moment).toBeLessThan(end);
      expect(periodAt(length, start)).toEqual({ start, end });
      expect(periodAt(length, end - 1)).toEqual({ start, end });
      expect(periodAt(length, end).start).toBe(end);
      expect(periodAt(length, start - 1).end).toBe(start);
    }
  });
});
