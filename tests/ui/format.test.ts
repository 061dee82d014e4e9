import { describe, expect, test } from "bun:test";
import * as format from "../../src/ui/format.ts";

describe("dollars", () => {
  test.each([
    [null, "unknown"],
    [undefined, "unknown"],
    [Number.NaN, "unknown"],
    [0, "$0.00"],
    [0.000000001, "$0.000000001"],
    [0.00012345, "$0.00012345"],
    [0.1 + 0.2, "$0.30"],
    [0.5, "$0.50"],
    [1, "$1.00"],
    [12.3456, "$12.3456"],
    [12.345678901, "$12.3457"],
    [1234567.8, "$1,234,567.80"],
    [-0.25, "−$0.25"],
  ])("%p is %s", (dollars, text) => {
    expect(format.usd(dollars)).toBe(text);
  });

  test("every amount of nano-dollars below a dollar is told apart", () => {
    const amounts = [1, 999, 123_456_789, 999_999_999];

    const texts = amounts.map((nano) => format.usd(nano / 1e9));

    expect(texts.map((text) => Math.round(Number(text.slice(1)) * 1e9))).toEqual(amounts);
  });

  test("the exact amount has all nine places", () => {
    expect(format.usdExact(12.345678901)).toBe("$12.345678901");
    expect(format.usdExact(null)).toBe("unknown");
  });
});

test.each([
  [null, "unknown"],
  [0, "0 ms"],
  [0.42, "0.4 ms"],
  [9.96, "10 ms"],
  [12.4, "12 ms"],
  [999.4, "999 ms"],
  [999.6, "1 s"],
  [1240, "1.24 s"],
  [59_994, "59.99 s"],
  [59_996, "1 min"],
  [123_000, "2 min 3 s"],
  [3_599_800, "1 h"],
  [11_040_000, "3 h 4 min"],
  [190_800_000, "2 d 5 h"],
])("a span of %p ms is %s", (ms, text) => {
  expect(format.duration(ms)).toBe(text);
});

test.each([
  [null, "unknown"],
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [1234, "1.2 kB"],
  [999_499, "999 kB"],
  [999_500, "1 MB"],
  [53_400_000, "53 MB"],
  [5e15, "5000 TB"],
])("%p bytes are %s", (size, text) => {
  expect(format.bytes(size)).toBe(text);
});

test("counts have separators, short ones a unit", () => {
  expect([format.count(1234567), format.count(0), format.count(null)]).toEqual([
    "1,234,567",
    "0",
    "unknown",
  ]);
  expect([format.countShort(12_345), format.countShort(7)]).toEqual(["12.3K", "7"]);
});

test.each([
  [null, "unknown"],
  [0, "0 %"],
  [0.0001, "< 0.1 %"],
  [0.1234, "12.3 %"],
  [0.9999, "> 99.9 %"],
  [1, "100 %"],
  [1.5, "150 %"],
])("a share of %p is %s", (ratio, text) => {
  expect(format.percent(ratio)).toBe(text);
});

describe("moments", () => {
  const at = new Date(2026, 10, 21, 13, 4, 5);

  test("are shown in local time, with UTC as the title", () => {
    expect(format.dateTime(at.toISOString())).toBe("21 Nov 2026, 13:04:05");
    expect(format.dateTime(at.getTime())).toBe("21 Nov 2026, 13:04:05");
    expect(format.day(at.getTime())).toBe("21 Nov 2026");
    expect(format.clock(at.getTime())).toBe("13:04:05");
    expect(format.isoTitle(at.getTime())).toBe(at.toISOString());
  });

  test.each([[null], [undefined], [""], ["no date"]])("%p is none", (moment) => {
    expect(format.dateTime(moment)).toBe("unknown");
    expect(format.relativeTime(moment, 0)).toBe("unknown");
    expect(format.isoTitle(moment)).toBe("");
  });

  test("the first of all is one", () => {
    expect(format.isoTitle(0)).toBe("1970-01-01T00:00:00.000Z");
  });

  test.each([
    [0, "now"],
    [-4999, "now"],
    [-12_000, "12 s ago"],
    [-300_000, "5 min ago"],
    [-7_200_000, "2 h ago"],
    [-259_200_000, "3 d ago"],
    [90_000, "in 1 min"],
  ])("%p ms from now is %s", (distance, text) => {
    const now = at.getTime();

    expect(format.relativeTime(now + distance, now)).toBe(text);
  });
});

test("beside an axis large amounts are short, and small ones stay what they are", () => {
  expect([0, 0.000_02, 2.5, 999, 1000, 1_234_567, null].map(format.usdShort)).toEqual([
    "$0.00",
    "$0.00002",
    "$2.50",
    "$999.00",
    "$1K",
    "$1.2M",
    "unknown",
  ]);
});
