import type { Unit } from "./usage.ts";

/** A JSON Pointer (RFC 6901) as its names, decoded; empty is the whole value. */
export type Pointer = readonly string[];

/** Where the model's name stands. */
export type ModelRule =
  | { readonly from: "reply" | "request"; readonly pointer: Pointer }
  | { readonly from: "value"; readonly value: string };

/** `number`: the value itself. `count`: the elements of a list. `length`: the characters of a text. */
export type Reading = "number" | "count" | "length";

/** Which of a stream's messages tell: the first that does, the last that does, all of them together. */
export type Over = "first" | "last" | "sum";

/** Where the count of one unit stands. */
export type UnitRule =
  | {
      readonly from: "reply";
      readonly pointer: Pointer;
      readonly reading: Reading;
      readonly over: Over;
    }
  | { readonly from: "request"; readonly pointer: Pointer; readonly reading: Reading }
  | { readonly from: "value"; readonly value: number };

/** `usage` of a route: what replies and requests of an API that nobody knows tell. */
export interface UsageRules {
  readonly model: ModelRule | null;
  readonly units: ReadonlyMap<Unit, UnitRule>;
}

/** USD for one of each unit, not for a million. */
export type UnitPrices = Readonly<Partial<Record<Unit, number>>>;

/** How a route's calls are to be metered and priced, as its configuration says. */
export interface MeteringSettings {
  /** `provider`: a wire format's name; beside `usage` any name, for records and prices. Null: not told. */
  readonly provider: string | null;
  /** Of the target. */
  readonly origin: string;
  readonly usage: UsageRules | null;
  readonly prices: UnitPrices | null;
}

/** `UsageFormat.id` where neither `provider` nor the host tells whose replies they are: their shape has to. */
export const guessedFormat = "by-shape";

/** One entry of `model_list`, as far as prices go. */
export interface ListedModel {
  /** `model_name`: as callers name it. */
  readonly name: string;
  /** `litellm_params.model`: as its provider names it (`azure/gpt-4o-eu`); null where it is left out. */
  readonly model: string | null;
  /** `model_info`, with the prices that stand in `litellm_params` below it. */
  readonly info: Readonly<Record<string, unknown>>;
}
