import type { ListedModel } from "../core/metering-settings.ts";
import { cardOfModelInfo, type PriceFinding } from "./model-info.ts";
import { modelNames, prefixOf } from "./model-names.ts";
import { catalogueName } from "./provider-names.ts";
import type { Card } from "./rates.ts";
import { remembered } from "./remembered.ts";

/** What `model_list` says of one model's price. */
export interface ListedPrice {
  /** `model_name`. */
  readonly name: string;
  /** Without rates where the entry names none. */
  readonly card: Card;
  /** `model_info.base_model`: what the catalogue calls it, where the name tells nothing (Azure's deployments). */
  readonly baseModel: string | null;
}

/** Prices from `model_list`, by the names that models may come under. */
export interface ModelPrices {
  /**
   * Null where nothing is said of the model. An entry of `gpt-4o` holds for its dated snapshots too, which is what
   * replies name. Of several entries with a name, the first that says something counts.
   */
  find(provider: string | null, model: string): ListedPrice | null;
  readonly all: readonly ListedPrice[];
}

/** A finding, and of which entry: its place in the list. */
export interface ModelPriceFinding extends PriceFinding {
  readonly entry: number;
}

/** Reads LiteLLM's keys; entries that tell no prices are passed over. */
export function modelPricesOf(entries: readonly ListedModel[]): {
  readonly prices: ModelPrices;
  readonly findings: readonly ModelPriceFinding[];
} {
  const findings: ModelPriceFinding[] = [];
  const all: ListedPrice[] = [];
  const byName = new Map<string, ListedPrice>();
  for (const [entry, { name, model, info }] of entries.entries()) {
    const read = cardOfModelInfo(info, `model_list ${name}`);
    findings.push(...read.findings.map((finding) => ({ ...finding, entry })));
    const base = info["base_model"];
    const baseModel = typeof base === "string" && base !== "" ? base : null;
    if (read.card.charged.length === 0 && baseModel === null) continue;
    const price = { name, card: read.card, baseModel };
    all.push(price);
    for (const key of keysOf(name, model)) if (!byName.has(key)) byName.set(key, price);
  }
  const find =
    byName.size === 0
      ? () => null
      : remembered<ListedPrice | null>((provider, model) => {
          const own = catalogueName(provider);
          const asked = modelNames(model).flatMap((name) => [`${own}/${name}`, name]);
          const key = asked.find((name) => byName.has(name));
          return key === undefined ? null : (byName.get(key) ?? null);
        }, null);
  return { prices: { find, all }, findings };
}

/** `gpt-eu` and `azure/gpt-4o-eu`, that one also as `gpt-4o-eu`, and under the provider's other names. */
function keysOf(name: string, model: string | null): readonly string[] {
  const prefix = model === null ? null : prefixOf(model);
  if (model === null || prefix === null) return model === null ? [name] : [name, model];
  const bare = model.slice(prefix.length + 1);
  return [name, model, `${catalogueName(prefix)}/${bare}`, bare];
}
