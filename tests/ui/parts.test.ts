import { expect, test } from "bun:test";
import { ApiError, apiErrorOf } from "../../src/ui/api-error.ts";
import { jsonLimits, withinLimits } from "../../src/ui/parts/json-limits.ts";
import { numberOf } from "../../src/ui/parts/number-text.ts";
import { pairsOf, recordOf, repeatedNames, storedText } from "../../src/ui/parts/pairs-record.ts";
import { sortRows } from "../../src/ui/parts/sort-rows.ts";
import { rootPathOf } from "../../src/ui/root-path.ts";

test("a refusal is read into its code, its faults and how long to wait", async () => {
  const message = "The request is not valid. path is missing. target: a text is meant.";
  const body = { error: { message, type: "request_invalid", param: null, code: "400" } };

  const error = await apiErrorOf(
    Response.json(body, { status: 400, headers: { "retry-after": "7" } }),
  );

  expect(error).toBeInstanceOf(ApiError);
  expect([error.status, error.code, error.retryAfter]).toEqual([400, "request_invalid", 7]);
  expect(error.faults).toEqual(["path is missing.", "target: a text is meant."]);
});

test.each([["<h1>502</h1>"], [""], ["null"], ['{"error":"no"}']])(
  "an answer of somebody else, %p, is still an error that can be shown",
  async (text) => {
    const error = await apiErrorOf(new Response(text, { status: 502 }));

    expect(error.message).toBe("The gateway answered with status 502.");
    expect([error.code, error.retryAfter, error.faults]).toEqual(["unknown", null, []]);
  },
);

test("a stored secret stays what it is until it is replaced", () => {
  const pairs = pairsOf({ authorization: "********1234", accept: "text/html", short: "********" });

  expect(pairs.map(({ stored }) => stored)).toEqual(["********1234", undefined, "********"]);
  expect(pairs.map(({ stored }) => stored && storedText(stored))).toEqual([
    "set · ends in 1234",
    undefined,
    "set",
  ]);
  expect(recordOf(pairs)).toEqual({
    authorization: "********1234",
    accept: "text/html",
    short: "********",
  });
});

test("rows without a name are not sent, and names that stand twice are told", () => {
  const pairs = [
    { name: " X-Key ", value: "1" },
    { name: "x-key", value: "2" },
    { name: " ", value: "3" },
  ];

  expect(recordOf(pairs)).toEqual({ "X-Key": "1", "x-key": "2" });
  expect(repeatedNames(pairs)).toEqual(["x-key"]);
});

test("a small value is shown whole, a huge one is cut and says so", () => {
  const small = { a: [1, null, "x"], b: { c: true } };
  const wide = Array.from({ length: jsonLimits.members * 2 }, (_, index) => index);
  const deep = JSON.parse("[".repeat(100) + "]".repeat(100));

  expect(withinLimits(small)).toEqual({ value: small, isCut: false });
  expect(withinLimits(wide).value).toHaveLength(jsonLimits.members + 1);
  expect(withinLimits(deep).isCut).toBe(true);
  expect(withinLimits("x".repeat(jsonLimits.textLength + 1)).isCut).toBe(true);
});

test.each([
  ["/ui", ""],
  ["/ui/routes/new", ""],
  ["/gateway/ui/logs", "/gateway"],
  ["/uikit/ui", "/uikit"],
])("the page at %s has the root path %p", (path, root) => {
  expect(rootPathOf(path)).toBe(root);
});

test("rows are sorted by a column, what has no value last either way", () => {
  const rows = [
    { name: "b10", n: 2 },
    { name: "b9", n: null },
    { name: "a", n: 10 },
  ];
  const columns = [
    { id: "name", value: (row: { readonly name: string }) => row.name },
    { id: "n", value: (row: { readonly n: number | null }) => row.n },
  ];
  const names = (by: string, descending: boolean) =>
    sortRows(rows, columns, { by, descending }).map(({ name }) => name);

  expect(names("name", false)).toEqual(["a", "b9", "b10"]);
  expect(names("n", false)).toEqual(["b10", "a", "b9"]);
  expect(names("n", true)).toEqual(["a", "b10", "b9"]);
  expect(sortRows(rows, columns, null)).toBe(rows);
  expect(sortRows(rows, columns, { by: "none", descending: true })).toBe(rows);
});

test.each([
  ["", null],
  ["0.02", 0.02],
  ["$0.02", 0.02],
  ["0,02", 0.02],
  ["1e-3", 0.001],
  ["0.", 0],
  ["2 cents", Number.NaN],
  ["1,000", Number.NaN],
  ["1,000,000", Number.NaN],
  ["0x10", Number.NaN],
  ["-", Number.NaN],
])("%p in a field of numbers is %p", (text, expected) => {
  expect(numberOf(text)).toBe(expected);
});
