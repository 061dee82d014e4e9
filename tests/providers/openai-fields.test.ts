import { expect, test } from "bun:test";
import {
  field,
  listField,
  readCounts,
  sumOf,
  textField,
  usageOf,
} from "../../src/providers/fields.ts";

test("a field is an object's own, at any depth, and nothing else", () => {
  expect(field({ a: { b: 1 } }, "a", "b")).toBe(1);
  expect(field({ a: null }, "a", "b")).toBeUndefined();
  expect(field({}, "constructor")).toBeUndefined();
  expect(field(Object.create({ usage: 1 }), "usage")).toBeUndefined();
  expect(field("text", "length")).toBeUndefined();
  expect(field(7)).toBe(7);
});

test("a text is one that is not empty, a list is never missing", () => {
  expect(textField({ model: "gpt-4o" }, "model")).toBe("gpt-4o");
  expect([textField({ model: "" }, "model"), textField({ model: 1 }, "model")]).toEqual([
    null,
    null,
  ]);
  expect(listField({ choices: [1] }, "choices")).toEqual([1]);
  expect(listField({ choices: { 0: 1, length: 1 } }, "choices")).toEqual([]);
});

test("what is missing is no wrong count, and a wrong one is remembered", () => {
  const counts = readCounts();

  expect([counts.count(undefined), counts.count(null)]).toEqual([undefined, undefined]);
  expect([counts.count(0), counts.count(8.5)]).toEqual([0, 8.5]);
  expect(counts.isInvalid).toBe(false);
  expect(counts.count("8")).toBeUndefined();
  expect(counts.count(1)).toBe(1);
  expect(counts.isInvalid).toBe(true);
});

test("usage has what was told; a part of 0 says no more than nothing does", () => {
  expect(usageOf({ input: 0, output: undefined, cached: 0, reasoning: 3 })).toEqual({
    input: 0,
    reasoning: 3,
  });
  expect(usageOf({ input: undefined })).toBeNull();
  expect(usageOf({})).toBeNull();
});

test("a sum is of those that were told", () => {
  expect(sumOf(1, undefined, 2)).toBe(3);
  expect(sumOf(undefined, undefined)).toBeUndefined();
});
