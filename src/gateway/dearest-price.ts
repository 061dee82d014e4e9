import type { Priceable, Priced, Prices } from "../core/pricing.ts";
import { type Soon, whenThere } from "./soon.ts";

/** Of the models' prices the highest: where a request names several, nobody knows which one the upstream reads. */
export function dearestPrice(
  prices: Prices,
  [first, ...others]: readonly string[],
  what: Omit<Priceable, "model">,
): Soon<Priced> {
  let dearest: Soon<Priced> = prices.price({ ...what, model: first ?? null });
  for (const model of others) {
    dearest = whenThere(dearest, (one) =>
      whenThere(prices.price({ ...what, model }), (two) =>
        (two.nanoUsd ?? -1) > (one.nanoUsd ?? -1) ? two : one,
      ),
    );
  }
  return dearest;
}
