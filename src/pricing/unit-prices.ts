import type { UnitPrices } from "../core/metering-settings.ts";
import { type Unit, units } from "../core/usage.ts";
import { type Card, cardOf, nanoRate, type Rate } from "./rates.ts";

/** The card of prices that stand in a configuration, or in a list of ours. */
export function cardOfUnitPrices(prices: UnitPrices, source: string): Card {
  const rates = new Map<Unit, Rate>();
  for (const unit of units) {
    const usd = prices[unit];
    if (usd === undefined) continue;
    rates.set(unit, { nanoUsd: nanoRate(usd, 1), tiers: [], least: 0, source });
  }
  return cardOf(rates);
}
