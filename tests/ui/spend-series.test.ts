import { expect, test } from "bun:test";
import { distinct, logsHref, namingOf } from "../../src/ui/pages/spend/names.ts";
import { mostNames, rowsOf, seriesOf, shareOf } from "../../src/ui/pages/spend/series.ts";
import { type LineReply, sumsOf, together } from "../../src/ui/sums.ts";

const line = (parts: Partial<LineReply>): LineReply => ({
  day: "2026-11-20",
  name: "chat",
  alias: null,
  total_spend: 0.1,
  calls: 1,
  failed: 0,
  unpriced: 0,
  total_input_tokens: 10,
  total_output_tokens: 5,
  ...parts,
});

test("money comes to what the ledger has, to the nano-dollar", () => {
  const sums = together(Array.from({ length: 10 }, () => sumsOf(line({ total_spend: 0.1 }))));

  expect(sums.spend).toBe(1);
  expect(sums.calls).toBe(10);
  expect(sums.tokensIn).toBe(100);
});

test("what no call's cost is known of is not known, and what was not called is nothing", () => {
  const unknown = sumsOf(line({ total_spend: null, calls: 2, unpriced: 2 }));

  expect(together([unknown]).spend).toBeNull();
  expect(together([unknown, sumsOf(line({}))]).spend).toBe(0.1);
  expect(together([]).spend).toBe(0);
});

test("rows put the days of a name together, the dearest first", () => {
  const rows = rowsOf(
    [
      line({ name: "a", alias: "/a", total_spend: 0.1 }),
      line({ name: "b", total_spend: 0.15 }),
      line({ name: "a", alias: "/a", total_spend: 0.2, day: "2026-11-21" }),
      line({ name: "", total_spend: null, calls: 9, unpriced: 9 }),
    ],
    "route",
  );

  expect(rows.map(({ label, detail, sums }) => [label, detail, sums.spend])).toEqual([
    ["/a", "a", 0.3],
    ["b", null, 0.15],
    ["No route", null, null],
  ]);
});

test("a chart shows the names that have most, and the others as one", () => {
  const names = Array.from({ length: mostNames + 3 }, (_, index) => `n${index}`);
  const lines = names.map((name, index) => line({ name, total_spend: (index + 1) / 10 }));
  const days = ["2026-11-19", "2026-11-20"];

  const series = seriesOf(lines, rowsOf(lines, "model"), days, "spend");

  expect(series).toHaveLength(mostNames + 1);
  expect(series[0]).toEqual({ label: "n9", values: [0, 1] });
  expect(series.at(-1)).toEqual({ label: "All others (3)", values: [0, 0.6] });
});

test("one name more than fits is shown, and not called the others", () => {
  const names = Array.from({ length: mostNames + 1 }, (_, index) => `n${index}`);
  const lines = names.map((name) => line({ name }));

  const labels = seriesOf(lines, rowsOf(lines, "model"), ["2026-11-20"], "calls").map(
    ({ label }) => label,
  );

  expect(labels.toSorted()).toEqual(names.toSorted());
});

test("the measure picks who has most", () => {
  const lines = [
    line({ name: "dear", total_spend: 5 }),
    line({ name: "broken", failed: 4, calls: 4 }),
    line({ name: "wordy", total_input_tokens: 900, total_output_tokens: 100 }),
  ];
  const rows = rowsOf(lines, "model");
  const first = (measure: "spend" | "calls" | "tokens" | "failed") =>
    seriesOf(lines, rows, ["2026-11-20"], measure)[0];

  expect(first("spend")).toEqual({ label: "dear", values: [5] });
  expect(first("calls")).toEqual({ label: "broken", values: [4] });
  expect(first("tokens")).toEqual({ label: "wordy", values: [1000] });
  expect(first("failed")).toEqual({ label: "broken", values: [4] });
});

test("a day of which nothing is known is a gap", () => {
  const lines = [line({ total_spend: null, unpriced: 1 })];

  expect(seriesOf(lines, rowsOf(lines, "model"), ["2026-11-20"], "spend")[0]?.values).toEqual([
    null,
  ]);
});

test("shares are of the measure; of nothing, or of what is not known, there are none", () => {
  const [part, whole] = [sumsOf(line({ calls: 1 })), sumsOf(line({ calls: 4, total_spend: 0.4 }))];

  expect(shareOf(part, whole, "calls")).toBe(0.25);
  expect(shareOf(part, whole, "spend")).toBe(0.25);
  expect(shareOf(part, whole, "failed")).toBeNull();
  expect(shareOf({ ...part, spend: null }, whole, "spend")).toBeNull();
});

test("names are aliases, with the id where two are alike", () => {
  expect(namingOf("api_key", "k1", "app")).toEqual({ label: "app", detail: "k1" });
  expect(namingOf("api_key", "master", null).label).toBe("Master key");
  expect(namingOf("team", "", null).label).toBe("No team");
  expect(
    distinct([
      { label: "/a", detail: "r1" },
      { label: "/a", detail: "r2" },
      { label: "/b", detail: "r3" },
    ]),
  ).toEqual(["/a (r1)", "/a (r2)", "/b"]);
});

test("a name leads to its calls of these days; what has none leads nowhere", () => {
  const days = { first: "2026-11-01", last: "2026-11-21" };

  expect(logsHref("customer", "a&b", days)).toBe(
    "/logs?start_date=2026-11-01T00%3A00%3A00.000Z&end_date=2026-11-21T23%3A59%3A59.999Z&end_user=a%26b",
  );
  expect(logsHref("team", "", days)).toBeNull();
  expect(logsHref("model", "(other)", days)).toBeNull();
});
