import { expect, test } from "bun:test";
import { spendByDay, usageByName } from "../../src/ui/payers/usage.ts";
import { lastDays } from "../../src/ui/utc-days.ts";

const counts = {
  calls: 1,
  failed: 0,
  unpriced: 0,
  total_input_tokens: 2,
  total_output_tokens: 3,
};

test("30 days end with today, in UTC", () => {
  const now = Date.parse("2026-11-21T23:30:00-05:00");

  expect(lastDays(30, now)).toEqual({ first: "2026-10-24", last: "2026-11-22" });
});

test("each day of the span has a point, and a day whose cost nobody knows is a gap", () => {
  const report = [
    { ...counts, group_by_day: "2026-11-20T00:00:00+00:00", total_spend: null },
    { ...counts, group_by_day: "2026-11-21T00:00:00+00:00", total_spend: 0.5 },
  ];

  expect(spendByDay(report, { first: "2026-11-19", last: "2026-11-21" })).toEqual([0, null, 0.5]);
});

test("days are added up by name without losing a nano-dollar, the dearest first", () => {
  const model = (name: string, spend: number | null) => ({
    ...counts,
    model: name,
    total_spend: spend,
    unpriced: spend === null ? 1 : 0,
  });
  const report = [
    { group_by_day: "a", models: [model("x", 0.1), model("y", null)] },
    { group_by_day: "b", models: [model("x", 0.2), model("z", 5), model("y", null)] },
  ];

  const usage = usageByName(report);

  expect(usage.map(({ name, spend, calls }) => [name, spend, calls])).toEqual([
    ["z", 5, 1],
    ["x", 0.3, 2],
    ["y", null, 2],
  ]);
});
