import { describe, expect, test } from "bun:test";
import { Places } from "../../src/ledger/admission.ts";
import { needsModel, needsTokens } from "../../src/ledger/levels.ts";
import { hall, nothing, refusalOf, usedOf } from "./hall.ts";
import { key, limits, modelLimits, team } from "./parts.ts";

const own = {
  key: key("k", {
    modelLimits: modelLimits({
      rpm: { large: 2, small: 5 },
      tpm: { large: 100 },
      budgets: { large: { maxNanoUsd: 30, period: null } },
    }),
  }),
};
const large = "key:k:model:large";
const small = "key:k:model:small";

describe("limits of single models", () => {
  test("hold for the model that is named, and for no other", () => {
    const { book, enter } = hall();
    for (let call = 0; call < 2; call++) enter(own, { models: ["large"] }, 1).settle(1, null);

    const error = refusalOf(() => enter(own, { models: ["large"] }, 1));
    for (let call = 0; call < 5; call++) enter(own, { models: ["small"] }, 1).settle(1, null);
    for (let call = 0; call < 50; call++) enter(own, { models: ["other"] }, 1).settle(1, null);

    expect(error.code).toBe("rate_limited");
    expect(error.message).toContain("for large");
    expect(refusalOf(() => enter(own, { models: ["small"] }, 1)).message).toContain("for small");
    expect(usedOf(book.of(large))).toEqual({ ...nothing, spent: 2, requests: 2 });
    expect(usedOf(book.of("key:k"))).toEqual({ ...nothing, spent: 57 });
  });

  test("hold for every model that a request names: all or none", () => {
    const { book, enter } = hall();
    for (let call = 0; call < 2; call++)
      enter(own, { models: ["small", "large"] }, 1).settle(1, null);
    const before = [large, small, "key:k"].map((scope) => usedOf(book.of(scope)));

    expect(refusalOf(() => enter(own, { models: ["small", "large"] }, 1)).code).toBe(
      "rate_limited",
    );

    expect([large, small, "key:k"].map((scope) => usedOf(book.of(scope)))).toEqual(before);
    expect(before[1]).toEqual({ ...nothing, spent: 2, requests: 2 });
  });

  test("tokens that do not fit leave neither a request nor a hold", () => {
    const { book, enter } = hall();
    enter(own, { models: ["large"], tokens: 90 }, 1).settle(1, null);
    const before = usedOf(book.of(large));

    const error = refusalOf(() => enter(own, { models: ["large"], tokens: 11 }, 1));

    expect(error.message).toContain("tokens a minute");
    expect(usedOf(book.of(large))).toEqual(before);
    expect(refusalOf(() => enter(own, { models: ["large"], tokens: 101 }, 1)).headers).toEqual({
      "x-should-retry": "false",
    });
  });

  test("a model's budget holds, settles, and is given back", () => {
    const { book, enter } = hall();
    const places = enter(own, { models: ["large"] }, 20);

    expect(refusalOf(() => enter(own, { models: ["large"] }, 11)).code).toBe("budget_exceeded");
    expect(usedOf(book.of(large))).toMatchObject({ held: 20, spent: 0 });
    expect(places.granted()).toEqual({ holdNanoUsd: 20, hasBudget: true, modelScopes: [large] });
    places.giveBack();
    expect(usedOf(book.of(large))).toEqual(nothing);
    enter(own, { models: ["large"] }, 20).settle(25, null);
    expect(usedOf(book.of(large))).toMatchObject({ held: 0, spent: 25 });
  });

  test("of key and team both count", () => {
    const { book, enter } = hall();
    const both = {
      key: key("k", { teamId: "t", modelLimits: modelLimits({ rpm: { large: 9 } }) }),
      team: team("t", { modelLimits: modelLimits({ rpm: { large: 1 } }) }),
    };
    enter(both, { models: ["large"] }).settle(0, null);

    expect(refusalOf(() => enter(both, { models: ["large"] })).message).toContain("the team t");
    expect(usedOf(book.of(large))).toMatchObject({ requests: 1 });
    expect(usedOf(book.of("team:t:model:large"))).toMatchObject({ requests: 1 });
  });

  test.each(["constructor", "__proto__", "toString"])("a model called %s has no limit", (model) => {
    const { enter } = hall();

    expect(enter(own, { models: [model] }, 1).granted().modelScopes).toEqual([]);
  });
});

test("tokens are given back in the tick in which they were taken", () => {
  const limited = { key: key("k", { limits: limits({ tpm: 100 }) }) };
  const { book, enter } = hall();
  const places = enter(limited, { tokens: 60 });

  expect(refusalOf(() => enter(limited, { tokens: 41 })).code).toBe("rate_limited");
  places.giveBack();

  expect(usedOf(book.of("key:k"))).toEqual(nothing);
  enter(limited, { tokens: 100 }).settle(0, null);
  expect(usedOf(book.of("key:k"))).toMatchObject({ tokens: 100 });
});

test("what has to be read of a request is what limits ask for", () => {
  const { levels } = hall();
  const asks = (parts: Parameters<typeof key>[1]) => {
    const all = levels({ key: key("k", parts) });
    return [needsModel(all), needsTokens(all)];
  };

  expect(asks({})).toEqual([false, false]);
  expect(asks({ models: ["large"] })).toEqual([true, false]);
  expect(asks({ limits: limits({ tpm: 5 }) })).toEqual([false, true]);
  expect(asks({ modelLimits: modelLimits({ rpm: { large: 1 } }) })).toEqual([true, false]);
  expect(asks({ modelLimits: modelLimits({ tpm: { large: 1 } }) })).toEqual([true, true]);
});

test("a limit that changed holds at once, for what was used before too", () => {
  const { book, enter, levels } = hall();
  const before = key("k", { limits: limits({ rpm: 10 }) });
  for (let call = 0; call < 4; call++) enter({ key: before }).settle(0, null);

  const after = { key: { ...before, limits: limits({ rpm: 4 }) } };

  expect(refusalOf(() => enter(after)).code).toBe("rate_limited");
  expect(() => new Places(levels({ key: before }))).not.toThrow();
  expect(usedOf(book.of("key:k"))).toMatchObject({ requests: 5 });
});
