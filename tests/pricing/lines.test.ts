import { expect, test } from "bun:test";
import type { Priceable } from "../../src/core/pricing.ts";
import { type Usage, units } from "../../src/core/usage.ts";
import { modelPricesOf } from "../../src/pricing/model-prices.ts";
import { createPrices } from "../../src/pricing/prices.ts";
import { dice } from "../storage/ledger-samples.ts";
import { catalogueOnly, day, noModels } from "./priced.ts";

const listed = modelPricesOf([
  { name: "house", model: null, info: { input_cost_per_token: 1.5e-7, output_cost_per_token: 0 } },
]).prices;

const all = [
  catalogueOnly,
  createPrices({ route: { input: 3.7e-8, pages: 0.001 }, models: noModels }),
  createPrices({ route: null, models: listed }),
];

const models = [
  ["openai", "gpt-4o"],
  ["openai", "gpt-4o-audio-preview"],
  ["anthropic", "claude-sonnet-4-5"],
  ["google", "gemini-2.5-pro"],
  ["mistral", "mistral-ocr-latest"],
  ["groq", "whisper-large-v3"],
  [null, "house"],
  [null, "nobody-knows-this"],
  ["openai", null],
] as const;

test("the lines of a price make that price, to the nano-dollar, and there are none without one", async () => {
  const roll = dice(7);
  const asked = Array.from({ length: 3_000 }, (): Priceable => {
    const [provider, model] = models[roll(models.length)] ?? models[0];
    return { provider, model, usage: usageOf(roll), at: day };
  });

  const wrong: unknown[] = [];
  let priced = 0;
  for (const [index, what] of asked.entries()) {
    const prices = all[index % all.length] ?? catalogueOnly;
    const { nanoUsd } = await prices.price(what);
    const lines = await prices.lines(what);
    const sum = lines?.reduce((to, { count, nanoUsdEach }) => to + count * nanoUsdEach, 0) ?? null;
    if (nanoUsd !== (sum === null ? null : Math.round(sum))) wrong.push({ what, nanoUsd, lines });
    if (nanoUsd !== null) priced += 1;
  }

  expect(wrong).toEqual([]);
  expect(priced).toBeGreaterThan(500);
});

function usageOf(roll: (sides: number) => number): Usage {
  const input = roll(400_000);
  const some = units.filter(() => roll(6) === 0).map((unit) => [unit, roll(1_000)] as const);
  return { ...Object.fromEntries(some), input, output: roll(2) === 0 ? 0 : roll(10_000) };
}

test("a line says for which requests its price is, and what it is charged for", async () => {
  const what = { provider: "google", model: "gemini-2.5-pro", at: day };

  const short = await catalogueOnly.lines({ ...what, usage: { input: 1_000, cached: 400 } });
  const long = await catalogueOnly.lines({ ...what, usage: { input: 300_000 } });

  expect(short?.map(({ unit, count, above }) => [unit, count, above])).toEqual([
    ["cached", 400, null],
    ["input", 600, null],
  ]);
  expect(long).toMatchObject([{ unit: "input", count: 300_000, above: 200_000 }]);
});
