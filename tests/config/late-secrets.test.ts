import { expect, test } from "bun:test";
import { LateSecrets } from "../../src/late-secrets.ts";

const day = 24 * 3_600_000;

test("a replaced secret is kept for a day", () => {
  let now = 0;
  const late = new LateSecrets(() => now);

  expect(late.after(["a", "b"], ["a", "c"])).toEqual(["a", "c", "b"]);
  now = day;
  expect(late.after(["a", "c", "b"], ["a", "d"])).toEqual(["a", "d", "b", "c"]);
  now = day + 1;
  expect(late.after(["a", "d", "b", "c"], ["a", "e"])).toEqual(["a", "e", "c", "d"]);
});

test("one that holds again is not kept beside itself, and is kept for a day once it is replaced again", () => {
  let now = 0;
  const late = new LateSecrets(() => now);
  late.after(["a"], ["b"]);

  expect(late.after(["b", "a"], ["a"])).toEqual(["a", "b"]);
  now = day - 1;
  late.after(["a", "b"], ["c"]);
  now = day + 1;
  expect(late.after(["c", "a", "b"], ["c"])).toEqual(["c", "a"]);
});

test("of very many the newest are kept", () => {
  const late = new LateSecrets(() => 0);
  const many = Array.from({ length: 150_000 }, (_, index) => `secret-${index}`);

  const kept = late.after(many, []);

  expect([kept.length, kept[0], kept.at(-1)]).toEqual([100_000, "secret-50000", "secret-149999"]);
});
