import { expect, test } from "bun:test";
import type { UsageFold } from "../../src/core/metering.ts";
import type { ModelRule, UnitRule, UsageRules } from "../../src/core/metering-settings.ts";
import type { Unit } from "../../src/core/usage.ts";
import { customFormat } from "../../src/providers/custom.ts";
import { callOf } from "./golden.ts";

type Units = Partial<Record<Unit, UnitRule>>;

/** Rules by unit, in the order of the record. */
function rulesOf(units: Units, model: ModelRule | null = null): UsageRules {
  const names = ["input", "output", "seconds", "characters", "images", "requests"] as const;
  const entries = names.flatMap((name): [Unit, UnitRule][] => {
    const rule = units[name];
    return rule === undefined ? [] : [[name, rule]];
  });
  return { units: new Map(entries), model };
}

const told = (pointer: readonly string[], over: "first" | "last" | "sum" = "last"): UnitRule => ({
  from: "reply",
  pointer,
  reading: "number",
  over,
});

const constant: UnitRule = { from: "value", value: 1 };

/** The fold over these messages. */
function folded(rules: UsageRules, messages: readonly unknown[], request?: unknown) {
  const fold = foldOf(rules, request);
  for (const message of messages) fold.add(message, null);
  return fold.result();
}

function foldOf(rules: UsageRules, request?: unknown): UsageFold {
  const fold = customFormat(rules).fold(callOf({ path: "/any", request }));
  if (fold === null || fold === "free") throw new Error("nothing is folded");
  return fold;
}

test.each([
  ["first", 1],
  ["last", 3],
  ["sum", 6],
] as const)("over a stream, %s of 1, 2 and 3 is %d", (over, seconds) => {
  const rules = rulesOf({ seconds: told(["s"], over) });

  const { usage, isInvalid } = folded(rules, [
    { s: 1 },
    { other: 9 },
    { s: 2 },
    { s: null },
    { s: 3 },
  ]);

  expect({ usage, isInvalid }).toEqual({ usage: { seconds }, isInvalid: false });
});

test("a list's elements and a text's characters are counted, characters as people count", () => {
  const images: UnitRule = { from: "reply", pointer: ["result"], reading: "count", over: "sum" };
  const characters: UnitRule = { from: "request", pointer: ["text"], reading: "length" };

  const { usage } = folded(rulesOf({ images, characters }), [{ result: [1, 2] }, { result: [] }], {
    text: "né😀",
  });

  expect(usage).toEqual({ images: 2, characters: 3 });
});

test("an empty list is a count of 0, which is not unknown", () => {
  const images: UnitRule = { from: "reply", pointer: [], reading: "count", over: "last" };

  expect(folded(rulesOf({ images }), [[]]).usage).toEqual({ images: 0 });
});

test("where the reply tells nothing nothing is known, constants or not", () => {
  const rules = rulesOf({ seconds: told(["s"]), requests: constant });

  expect(folded(rules, [{ error: "x" }, "text", null, [1]])).toEqual({
    provider: "custom",
    model: null,
    usage: null,
    isFinal: false,
    isInvalid: false,
    once: null,
  });
  expect(folded(rules, [{ s: 0 }]).usage).toEqual({ seconds: 0, requests: 1 });
});

test("constants and the request's units alone are known before the reply", () => {
  const characters: UnitRule = { from: "request", pointer: ["text"], reading: "length" };
  const rules = rulesOf({ requests: constant, characters });

  const { usage, isFinal } = folded(rules, [], { text: "abc" });

  expect({ usage, isFinal }).toEqual({ usage: { requests: 1, characters: 3 }, isFinal: true });
  expect(foldOf(rules).markers).toEqual([]);
  expect(folded(rulesOf({ characters }), [], undefined).usage).toBeNull();
});

test("all is told once every unit of the reply was there", () => {
  const fold = foldOf(rulesOf({ input: told(["usage", "in"]), output: told(["usage", "out"]) }));

  const seen = [{ usage: { in: 1 } }, { done: true }, { usage: { out: 2 } }].map((message) => {
    fold.add(message, null);
    return fold.result().isFinal;
  });

  expect(seen).toEqual([false, false, true]);
});

const readings = ["number", "count", "length"] as const;

test.each([
  [-1, "number"],
  [2e12, "number"],
  [Number.NaN, "number"],
  ["3", "number"],
  [{ length: 3 }, "count"],
  ["abc", "count"],
  [["a"], "length"],
  [3, "length"],
  [true, "number"],
] as const)("%p, read as a %s, makes the whole invalid", (value, reading) => {
  const rule: UnitRule = { from: "reply", pointer: ["x"], reading, over: "last" };
  const ofRequest: UnitRule = { from: "request", pointer: ["x"], reading };

  expect(folded(rulesOf({ seconds: rule }), [{ x: value }, { x: 1 }]).isInvalid).toBe(true);
  expect(folded(rulesOf({ seconds: ofRequest }), [], { x: value }).isInvalid).toBe(true);
});

test("a sum beyond all measure is invalid, and stays what it was", () => {
  const rules = rulesOf({ seconds: told(["s"], "sum") });

  const { usage, isInvalid } = folded(rules, [{ s: 9e8 }, { s: 9e8 }]);

  expect({ usage, isInvalid }).toEqual({ usage: { seconds: 9e8 }, isInvalid: true });
});

test("only what a message holds itself counts: neither a list's length nor a prototype's names", () => {
  for (const pointer of [
    ["list", "length"],
    ["constructor", "length"],
    ["__proto__", "x"],
    ["text", "length"],
  ]) {
    const { usage, isInvalid } = folded(rulesOf({ seconds: told(pointer) }), [
      { list: [1], text: "abc" },
    ]);
    expect({ usage, isInvalid }).toEqual({ usage: null, isInvalid: false });
  }
  expect(folded(rulesOf({ seconds: told(["list", "1"]) }), [{ list: [4, 5] }]).usage).toEqual({
    seconds: 5,
  });
});

test("the model: from the reply the last one, from the request, or fixed", () => {
  const units = { requests: constant };
  const model = (rule: ModelRule, ...messages: unknown[]) =>
    folded(rulesOf(units, rule), messages, { m: "asked" }).model;

  expect(
    model({ from: "reply", pointer: ["m"] }, { m: "a" }, { m: "b" }, { m: "" }, { m: 4 }),
  ).toBe("b");
  expect(model({ from: "reply", pointer: ["m"] }, { m: "x".repeat(257) })).toBeNull();
  expect(model({ from: "request", pointer: ["m"] })).toBe("asked");
  expect(model({ from: "value", value: "fixed" })).toBe("fixed");
});

test("markers are the last names of the reply's pointers, in quotes, once each", () => {
  const rules = rulesOf(
    { input: told(["usage", "tokens"]), output: told(["result", "tokens"]) },
    { from: "reply", pointer: ["model"] },
  );

  expect(foldOf(rules).markers).toEqual(['"tokens"', '"model"']);
});

test.each([[["list", "0"]], [["größe"]], [["a/b"]], [['"']], [[]]])(
  "a last name that may be written otherwise (%p) is looked for in every message",
  (pointer) => {
    const { markers } = foldOf(rulesOf({ seconds: told(pointer) }));

    expect(markers).toEqual(["{", "["]);
  },
);

test("the route's name for its provider stands in records", () => {
  const format = customFormat(rulesOf({ requests: constant }), "bria");
  const fold = format.fold(callOf({ path: "/x" }));

  expect(format.id).toBe("bria");
  expect(fold !== null && fold !== "free" && fold.result().provider).toBe("bria");
  expect(format.modelOfPath("/models/x")).toBeNull();
});

test("only tokens are estimated as tokens", () => {
  const counts = (units: Units) =>
    customFormat(rulesOf(units)).countsTokens(callOf({ path: "/x" }));

  expect(counts({ output: told(["o"]) })).toBe(true);
  expect(counts({ images: told(["i"]), requests: constant })).toBe(false);
});

test("whatever the messages hold, nothing is thrown", () => {
  const odd = [
    undefined,
    null,
    0,
    "",
    "x",
    [],
    {},
    [[]],
    { x: {} },
    { x: [null] },
    Object.create(null),
  ];
  for (const reading of readings) {
    for (const pointer of [[], ["x"], ["x", "0"], ["x", "y", "z"]]) {
      const seconds: UnitRule = { from: "reply", pointer, reading, over: "sum" };
      const characters: UnitRule = { from: "request", pointer, reading };
      const rules = rulesOf({ seconds, characters }, { from: "reply", pointer });
      for (const request of odd) expect(() => folded(rules, odd, request)).not.toThrow();
    }
  }
});
