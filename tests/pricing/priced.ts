import type { Priceable, Priced } from "../../src/core/pricing.ts";
import type { Usage } from "../../src/core/usage.ts";
import { modelPricesOf } from "../../src/pricing/model-prices.ts";
import { createPrices } from "../../src/pricing/prices.ts";

/** A day on which the prices in the tests hold. */
export const day = Date.UTC(2026, 10, 21);

export const noModels = modelPricesOf([]).prices;

export const catalogueOnly = createPrices({ route: null, models: noModels });

/** Of `openai/gpt-4o`, or of a model alone. */
export async function priceOf(
  name: string,
  usage: Usage,
  { at = day, prices = catalogueOnly }: { at?: number; prices?: typeof catalogueOnly } = {},
): Promise<Priced> {
  const [provider, model] = split(name);
  return prices.price({ provider, model, usage, at });
}

/** Nano-dollars; the reason where there is no price. */
export async function nanoOf(...asked: Parameters<typeof priceOf>): Promise<number | string> {
  const priced = await priceOf(...asked);
  return priced.nanoUsd ?? ("unpriced" in priced ? priced.unpriced : "");
}

function split(name: string): [Priceable["provider"], string] {
  const colon = name.indexOf(": ");
  return colon < 0 ? [null, name] : [name.slice(0, colon), name.slice(colon + 2)];
}
