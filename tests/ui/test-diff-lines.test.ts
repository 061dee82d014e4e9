import { expect, test } from "bun:test";
import { headerRows, textRows } from "../../src/ui/pages/test/diff-lines.ts";

test("headers are told apart by name in any case: removed, added, changed, same", () => {
  const rows = headerRows(
    [
      ["Authorization", "[redacted]"],
      ["Accept", "a"],
      ["x-same", "1"],
      ["x-two", "1"],
      ["x-two", "2"],
    ],
    [
      ["accept", "b"],
      ["x-same", "1"],
      ["api_token", "[redacted]"],
      ["x-two", "1, 2"],
    ],
  );

  expect(rows.map(({ name, change }) => [name, change])).toEqual([
    ["authorization", "removed"],
    ["api_token", "added"],
    ["accept", "changed"],
    ["x-same", "same"],
    ["x-two", "same"],
  ]);
  expect(rows[2]).toMatchObject({ before: "a", after: "b" });
  expect(rows[1]?.before).toBeNull();
});

test("what each connection sets by itself stands last, and is no difference", () => {
  const rows = headerRows(
    [
      ["host", "gateway"],
      ["accept-encoding", "gzip"],
      ["x-mine", "1"],
    ],
    [
      ["host", "upstream"],
      ["content-length", "2"],
    ],
  );

  expect(rows.map(({ name, change }) => [name, change])).toEqual([
    ["x-mine", "removed"],
    ["accept-encoding", "connection"],
    ["content-length", "connection"],
    ["host", "connection"],
  ]);
});

test("bodies stand side by side, line by line", () => {
  const rows = textRows('{"a":1,"b":2,"d":5}', '{"a":1,"b":3,"c":4,"d":5}');

  expect(rows.map(({ change, before, after }) => [change, before, after])).toEqual([
    ["same", "{", "{"],
    ["same", '  "a": 1,', '  "a": 1,'],
    ["changed", '  "b": 2,', '  "b": 3,'],
    ["added", null, '  "c": 4,'],
    ["same", '  "d": 5', '  "d": 5'],
    ["same", "}", "}"],
  ]);
});

test("text that is not JSON is compared as it is", () => {
  expect(textRows("a\nb", "a").map(({ change }) => change)).toContain("removed");
  expect(textRows("", "")).toEqual([]);
});

test("texts with too little in common stand beside each other", () => {
  const many = (letter: string) => Array.from({ length: 5000 }, (_, at) => letter + at).join("\n");

  const rows = textRows(many("a"), many("b"));

  expect(rows).toHaveLength(5000);
  expect(rows[0]).toEqual({ change: "changed", before: "a0", after: "b0" });
});
