import { expect, test } from "bun:test";
import type { ListedModel, UnitPrices } from "../../src/core/metering-settings.ts";
import { modelPricesOf } from "../../src/pricing/model-prices.ts";
import { createPrices } from "../../src/pricing/prices.ts";
import { nanoOf, priceOf } from "./priced.ts";

interface Given {
  readonly route?: UnitPrices;
  readonly list?: readonly ListedModel[];
}

function pricesWith({ route, list = [] }: Given) {
  return createPrices({ route: route ?? null, models: modelPricesOf(list).prices });
}

const cheapGpt: ListedModel = {
  name: "house-gpt",
  model: "openai/gpt-4o",
  info: { input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 },
};

test("a route's own price comes before all others, and needs neither model nor catalogue", async () => {
  const prices = pricesWith({ route: { pages: 0.001 }, list: [cheapGpt] });

  const priced = prices.price({ provider: null, model: null, usage: { pages: 7 }, at: 0 });

  expect(priced).toEqual({ nanoUsd: 7_000_000, source: "route" }); // and it is no promise
});

test("what the route does not price comes from the model's entry, then from the catalogue", async () => {
  const usage = { input: 10, output: 10, searchUnits: 1 };
  const withList = pricesWith({ route: { searchUnits: 0.002 }, list: [cheapGpt] });
  const without = pricesWith({ route: { searchUnits: 0.002 } });

  expect(await priceOf("openai: gpt-4o", usage, { prices: withList })).toEqual({
    nanoUsd: 2_000_000 + 10_000 + 20_000,
    source: "model_list house-gpt, route",
  });
  expect(await priceOf("openai: gpt-4o", usage, { prices: without })).toEqual({
    nanoUsd: 2_000_000 + 25_000 + 100_000,
    source: "openai/gpt-4o, route",
  });
});

test("an own price of input holds for cached input too, and for nothing that is no input", async () => {
  const prices = pricesWith({ list: [{ ...cheapGpt, info: { input_cost_per_token: 1e-6 } }] });
  const usage = { input: 1000, cached: 900, output: 10 };

  expect(await nanoOf("openai: gpt-4o", usage, { prices })).toBe(1000 * 1000 + 10 * 10_000);
});

test.each([
  "house-gpt",
  "openai/gpt-4o",
  "openai: gpt-4o",
  "openai: openai/gpt-4o",
  "gpt-4o",
  "openai: gpt-4o-2024-08-06",
])("an entry of model_list prices %s", async (name) => {
  const prices = pricesWith({ list: [cheapGpt] });

  expect(await nanoOf(name, { input: 100, output: 100 }, { prices })).toBe(300_000);
});

test("of two entries for one model under two providers, the provider tells which", async () => {
  const azure = { ...cheapGpt, model: "azure/gpt-4o", info: { input_cost_per_token: 5e-6 } };
  const prices = pricesWith({ list: [cheapGpt, azure] });

  expect(await nanoOf("openai: gpt-4o", { input: 1 }, { prices })).toBe(1000);
  expect(await nanoOf("azure_ai: gpt-4o", { input: 1 }, { prices })).toBe(5000);
});

test("half a nano-dollar is half, whatever the multiplication makes of it", async () => {
  const prices = pricesWith({ route: { input: 7.5e-9, pages: 1.225e-7 } }); // 7.499999999999999 times 1e-9

  expect(await nanoOf("any", { input: 1 }, { prices })).toBe(8);
  expect(await nanoOf("any", { pages: 1 }, { prices })).toBe(123);
});

test("of two entries under one name the first counts", async () => {
  const second = { ...cheapGpt, info: { input_cost_per_token: 9 } };
  const prices = pricesWith({ list: [cheapGpt, second] });

  expect(await nanoOf("house-gpt", { input: 1 }, { prices })).toBe(1000);
});

test("base_model tells what a deployment is, without any price", async () => {
  const list = [{ name: "eu", model: "azure/our-eu", info: { base_model: "azure/gpt-4o" } }];
  const prices = pricesWith({ list });

  expect(await priceOf("azure: our-eu", { input: 100 }, { prices })).toEqual({
    nanoUsd: 250_000,
    source: "azure/gpt-4o",
  });
});

test("LiteLLM's keys of prices are all read", async () => {
  const info = {
    mode: "chat",
    max_tokens: 100,
    supports_vision: true,
    input_cost_per_token: "1e-6",
    input_cost_per_token_above_128k_tokens: 2e-6,
    input_cost_per_token_above_200k_tokens: 3e-6,
    output_cost_per_token: 4e-6,
    output_cost_per_token_above_200k_tokens: 5e-6,
    output_cost_per_token_batches: 1,
    cache_read_input_token_cost: 1e-7,
    cache_read_input_token_cost_above_200k_tokens: 2e-7,
    cache_creation_input_token_cost: 1.25e-6,
    cache_creation_input_token_cost_above_1hr: 2e-6,
    output_cost_per_reasoning_token: 8e-6,
    input_cost_per_audio_token: 9e-6,
    output_cost_per_audio_token: 1e-5,
    input_cost_per_query: 0.001,
    input_cost_per_request: 0.01,
    input_cost_per_second: 0.0001,
    output_cost_per_second: 0,
    input_cost_per_character: 1e-6,
    output_cost_per_image: 0.04,
    ocr_cost_per_page: 0.001,
    annotation_cost_per_page: 0.003,
    search_context_cost_per_query: {
      search_context_size_low: 0.01,
      search_context_size_medium: 0.02,
      search_context_size_high: 0.03,
    },
  };
  const list = [{ name: "all", model: null, info }];
  const prices = pricesWith({ list });
  const few = {
    input: 100,
    cached: 10,
    cacheWrite: 20,
    cacheWrite1h: 5,
    audioInput: 7,
    output: 50,
  };
  const rest = {
    requests: 2,
    searchUnits: 1,
    seconds: 3,
    characters: 4,
    images: 1,
    pages: 3,
    annotatedPages: 1,
    webSearches: 1,
  };

  expect(modelPricesOf(list).findings).toEqual([]);
  expect(await nanoOf("all", { ...few, reasoning: 30, audioOutput: 5 }, { prices })).toBe(
    63 * 1000 +
      10 * 100 +
      15 * 1250 +
      5 * 2000 +
      7 * 9000 + // 100 - 10 - 20 - 7
      15 * 4000 +
      30 * 8000 +
      5 * 10_000 +
      10_000_000,
  );
  expect(await nanoOf("all", rest, { prices })).toBe(
    20_000_000 + 1_000_000 + 300_000 + 4000 + 40_000_000 + 2_000_000 + 3_000_000 + 20_000_000,
  );
  expect(await nanoOf("all", { input: 128_001 }, { prices })).toBe(128_001 * 2000 + 10_000_000);
  expect(await nanoOf("all", { input: 200_001, cached: 1, output: 1 }, { prices })).toBe(
    200_000 * 3000 + 200 + 5000 + 10_000_000,
  );
});

test("a price that is none is told, with its key and its entry", () => {
  const info = {
    input_cost_per_token: -1,
    output_cost_per_token: "cheap",
    ocr_cost_per_page: Number.NaN,
    cache_read_input_token_cost_above_200k_tokens: 1e-7,
    search_context_cost_per_query: { search_context_size_medium: "x" },
    input_cost_per_second: [1],
    output_cost_per_image: null,
    some_other_cost: "never read",
  };

  const { findings, prices } = modelPricesOf([cheapGpt, { name: "bad", model: null, info }]);

  const message = "a price in USD for one is meant: a number, 0 or more";
  expect(findings).toEqual([
    { entry: 1, key: "input_cost_per_token", message },
    { entry: 1, key: "output_cost_per_token", message },
    { entry: 1, key: "ocr_cost_per_page", message },
    { entry: 1, key: "search_context_cost_per_query", message },
    { entry: 1, key: "input_cost_per_second", message },
    {
      entry: 1,
      key: "cache_read_input_token_cost_above_200k_tokens",
      message: "it needs cache_read_input_token_cost beside it, for calls below",
    },
  ]);
  expect(prices.find(null, "bad")).toBeNull();
});

test("without a model and without an own price there is none", async () => {
  const prices = pricesWith({ route: { pages: 1 } });

  expect(await prices.price({ provider: null, model: null, usage: { input: 1 }, at: 0 })).toEqual({
    nanoUsd: null,
    unpriced: "no_model",
  });
});

test("names of objects' own members are no models and no providers", async () => {
  for (const name of ["constructor", "__proto__: __proto__", "toString: hasOwnProperty"]) {
    expect(await nanoOf(name, { input: 1 })).toBe("no_price");
  }
});
