import { expect, test } from "bun:test";
import { hall, refusalOf } from "./hall.ts";
import { key, modelLimits } from "./parts.ts";

test("a model's limit is found whatever the case of its name, among as many as there are", () => {
  const many = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`Model-${index}`, 1]),
  );
  const own = { key: key("k", { modelLimits: modelLimits({ rpm: many }) }) };
  const { enter } = hall();
  const models = Array.from({ length: 16 }, (_, index) => `mODEL-${index * 600}`);

  enter(own, { models }, 1).settle(1, null);

  for (const name of models) {
    expect(refusalOf(() => enter(own, { models: [name] }, 1)).code).toBe("rate_limited");
    expect(refusalOf(() => enter(own, { models: [name.toUpperCase()] }, 1)).code).toBe(
      "rate_limited",
    );
  }
  enter(own, { models: ["model-1", "constructor", "__proto__"] }, 1).settle(1, null);
});

test("of limits that differ in the case of the name alone, the one as it is written counts", () => {
  const rpm = { M: 1, m: 3 };
  const own = { key: key("k", { modelLimits: modelLimits({ rpm }) }) };
  const { enter } = hall();
  for (let call = 0; call < 3; call++) enter(own, { models: ["m"] }, 1).settle(1, null);

  expect(refusalOf(() => enter(own, { models: ["M"] }, 1)).code).toBe("rate_limited");
});
