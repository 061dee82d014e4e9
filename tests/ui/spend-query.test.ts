import { expect, test } from "bun:test";
import { budgetHref, nearEnd, usedText } from "../../src/ui/budgets.ts";
import { daysOf, readSpendQuery, writeSpendQuery } from "../../src/ui/pages/spend/query.ts";
import { reasonCounts } from "../../src/ui/pages/spend/reasons.ts";
import { reasonWords } from "../../src/ui/unpriced.ts";
import { everyDay } from "../../src/ui/utc-days.ts";

const now = Date.UTC(2026, 10, 21, 23, 30);
const read = (text: string) => readSpendQuery(new URLSearchParams(text));

test("the address keeps the choices, and only those that differ from the plain ones", () => {
  for (const text of [
    "",
    "range=7d",
    "range=custom&from=2026-01-01&to=2026-01-31&group=api_key&show=tokens",
  ]) {
    expect(writeSpendQuery(read(text)).toString()).toBe(text);
  }
  expect(read("range=x&group=__proto__&from=2026-02-31&show=")).toEqual(read(""));
});

test("days are whole ones in UTC, today among them", () => {
  expect(daysOf(read("range=7d"), now)).toEqual({ first: "2026-11-15", last: "2026-11-21" });
  expect(daysOf(read("range=12mo"), now)).toEqual({ first: "2025-11-22", last: "2026-11-21" });
  expect(daysOf(read("range=custom&from=2026-11-20"), now)).toEqual({
    first: "2026-11-20",
    last: "2026-11-21",
  });
  expect(daysOf(read("range=custom&from=2026-11-22&to=2026-11-21"), now)).toBeNull();
  expect(everyDay({ first: "2026-02-27", last: "2026-03-01" })).toEqual([
    "2026-02-27",
    "2026-02-28",
    "2026-03-01",
  ]);
});

test("every reason has words and something to do, an unknown one stands for itself", () => {
  const reasons = ["no_usage", "no_model", "no_price", "unparsed", "no_reply"];
  const words = reasons.map((reason) => reasonWords(reason).why);

  expect(new Set(words).size).toBe(reasons.length);
  expect(words).not.toContain("no_price");
  expect(reasonWords("no_price").remedy).toContain("model_list");
  expect(reasonWords("no_usage").remedy).toContain("cost_per_request");
  expect(reasonWords("toString").why).toBe("toString");
  expect(reasonWords(null).why).toBe("No reason was written down");
});

test("reasons are counted over routes and models", () => {
  const group = { model: null, held: 0, last_request_id: "x", last_at: "2026-11-21T00:00:00Z" };
  const counts = reasonCounts([
    { ...group, route: "a", reason: "no_usage", calls: 2 },
    { ...group, route: "a", reason: "no_reply", calls: 1, held: 4 },
    { ...group, route: "b", reason: "no_usage", calls: 1 },
  ]);

  expect(counts.map(({ why, calls }) => [why, calls])).toEqual([
    ["No reply came", 5],
    ["The reply told no usage", 3],
  ]);
});

test("a budget is near its end from 80 % on, with what is on hold", () => {
  const budget = {
    kind: "key",
    id: "a/b",
    name: "app",
    max_budget: 5,
    spend: 3.9,
    held: 0.1,
    budget_duration: null,
    budget_reset_at: null,
    share: 0.8,
  };

  expect(nearEnd([budget, { ...budget, share: 0.79 }])).toEqual([budget]);
  expect(usedText(budget)).toBe("$4.00 of $5.00, $0.10 of it on hold");
  expect(usedText({ ...budget, held: 0 })).toBe("$3.90 of $5.00");
  expect(budgetHref(budget)).toBe("/keys/a%2Fb");
  expect(budgetHref({ ...budget, kind: "everybody" })).toBeNull();
});
