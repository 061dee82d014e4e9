import type { NanoUsd } from "./money.ts";
import type { Usage } from "./usage.ts";

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

/** Prices as one route sees them: its own, those of `model_list`, the catalogue's. */
export interface Prices {
  /** A promise only while the catalogue is being read, once per process. Never throws, never rejects. */
  price(what: Priceable): Priced | Promise<Priced>;
  /** Begins to read the catalogue, if it will be needed and is not there. */
  warm(): void;
}
