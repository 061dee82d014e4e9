import type { NanoUsd } from "./money.ts";
import type { Unit, Usage } from "./usage.ts";

/** What is to be priced. */
export interface Priceable {
  /** `UsageFormat.id`; null: not known, so that the model alone has to tell. */
  readonly provider: string | null;
  readonly model: string | null;
  readonly usage: Usage;
  /** Epoch milliseconds: prices change. */
  readonly at: number;
}

/**
 * Why a call has no price. `no_usage`: the reply told none. `no_model`: nobody named one. `no_price`: the model, or
 * something of what it used, has none. `unparsed`: the reply could not be read. `no_reply`: none came.
 */
export type Unpriced = "no_usage" | "no_model" | "no_price" | "unparsed" | "no_reply";

export type Priced =
  | {
      readonly nanoUsd: NanoUsd;
      /** The entry that gave the price: `openai/gpt-4o`, `model_list my-model`, `route`. */
      readonly source: string;
    }
  | { readonly nanoUsd: null; readonly unpriced: Unpriced };

/** What is charged for one unit of a call's usage. */
export interface ChargedLine {
  readonly unit: Unit;
  /** Without its parts that have prices of their own; the least that is charged, where there is one. */
  readonly count: number;
  /** For one; in fractions too. */
  readonly nanoUsdEach: number;
  /** The price is the one for calls whose input has more tokens than this; null: it is for all. */
  readonly above: number | null;
  /** The entry that gave the price, as `Priced.source` names it. */
  readonly source: string;
}

/** Prices as one route sees them: its own, those of `model_list`, the catalogue's. */
export interface Prices {
  /** A promise only while the catalogue is being read, once per process. Never throws, never rejects. */
  price(what: Priceable): Priced | Promise<Priced>;
  /** What `price` adds up, and rounds once; null where it finds no price. Never rejects. */
  lines(what: Priceable): Promise<readonly ChargedLine[] | null>;
  /** Begins to read the catalogue, if it will be needed and is not there. */
  warm(): void;
}
