import type { UnitPrices } from "../core/metering-settings.ts";
import type { Priceable, Priced, Prices } from "../core/pricing.ts";
import type { Usage } from "../core/usage.ts";
import { type Catalogue, catalogue, loadCatalogue } from "./catalogue.ts";
import type { Entry } from "./catalogue-rates.ts";
import type { ListedPrice, ModelPrices } from "./model-prices.ts";
import { type Card, charge, covers, layered, linesOf } from "./rates.ts";
import { cardOfUnitPrices } from "./unit-prices.ts";

/** What a configuration says of prices, as one route sees it. */
export interface PriceSettings {
  /** `prices` of the route. */
  readonly route: UnitPrices | null;
  readonly models: ModelPrices;
}

/** Prices that can be looked at. */
export interface ShownPrices extends Prices {
  /** All that there is for a model at that time; without rates where there is nothing. */
  cardOf(provider: string | null, model: string, at: number): Promise<Card>;
}

const noPrice: Priced = { nanoUsd: null, unpriced: "no_price" };
const noModel: Priced = { nanoUsd: null, unpriced: "no_model" };
const noUsage: Priced = { nanoUsd: null, unpriced: "no_usage" };

/**
 * Prices of a route: its own, then `model_list`'s, then the catalogue's, unit by unit. What is part of a priced unit
 * and has no rate of its own is charged at that unit's, as the catalogue's makers do it: cached input at the rate of
 * input. Anything else that was used and has no rate leaves the call without a price.
 */
export function createPrices({ route, models }: PriceSettings): ShownPrices {
  const routeCard = cardOfUnitPrices(route ?? {}, "route");
  const own = ownCards(routeCard);
  const merged = new WeakMap<Card, WeakMap<Entry, readonly Card[]>>();

  /** What holds for the model: the own prices, and below them the catalogue's. */
  const whole = (from: Catalogue, what: Asked): Card | null => {
    const { provider, model, at } = what;
    if (model === null) return null;
    const listed = models.find(provider, model);
    const base = listed?.baseModel ?? null;
    const entry = base === null ? from.find(provider, model) : from.find(null, base);
    const upper = own(listed);
    const cards = upper.charged.length === 0 ? entry.cards : mergedCards(merged, upper, entry);
    return cards[entry.cardAt(at)] ?? null;
  };

  return {
    price(what) {
      const { provider, model, usage } = what;
      if (!tellsAnything(usage)) return noUsage;
      const listed = model === null ? null : models.find(provider, model);
      const upper = own(listed);
      if (covers(upper, usage)) return priced(upper, usage);
      if (model === null) return noModel;
      const there = catalogue();
      if (there !== null) return priced(whole(there, what), usage);
      return loadCatalogue().then((read) =>
        read === null ? noPrice : priced(whole(read, what), usage),
      );
    },
    async lines(what) {
      const { provider, model, usage } = what;
      if (!tellsAnything(usage)) return null;
      const upper = own(model === null ? null : models.find(provider, model));
      const read = covers(upper, usage) ? null : await loadCatalogue();
      const card = read === null ? upper : whole(read, what);
      return card === null || !covers(card, usage) ? null : linesOf(card, usage);
    },
    warm() {
      void loadCatalogue();
    },
    async cardOf(provider, model, at) {
      const listed = models.find(provider, model);
      const read = await loadCatalogue();
      return (read === null ? null : whole(read, { provider, model, at })) ?? own(listed);
    },
  };
}

type Asked = Omit<Priceable, "usage">;

function priced(card: Card | null, usage: Usage): Priced {
  if (card === null || !covers(card, usage)) return noPrice;
  return charge(card, usage) ?? noPrice;
}

function tellsAnything(usage: Usage): boolean {
  for (const unit in usage) if (Object.hasOwn(usage, unit)) return true;
  return false;
}

/** The route's prices over those of an entry of `model_list`, made once for each. */
function ownCards(routeCard: Card): (listed: ListedPrice | null) => Card {
  const made = new WeakMap<ListedPrice, Card>();
  return (listed) => {
    if (listed === null) return routeCard;
    const card = made.get(listed) ?? layered(routeCard, listed.card);
    made.set(listed, card);
    return card;
  };
}

function mergedCards(
  merged: WeakMap<Card, WeakMap<Entry, readonly Card[]>>,
  upper: Card,
  entry: Entry,
): readonly Card[] {
  const ofUpper = merged.get(upper) ?? new WeakMap<Entry, readonly Card[]>();
  merged.set(upper, ofUpper);
  const cards = ofUpper.get(entry) ?? entry.cards.map((card) => layered(upper, card));
  ofUpper.set(entry, cards);
  return cards;
}
