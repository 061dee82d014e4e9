import type { ConditionalPrice, ModelInfo, ModelPrice, Provider } from "@pydantic/genai-prices";
import type { Unit } from "../core/usage.ts";
import { type Card, cardOf, nanoRate, type Rate } from "./rates.ts";

/** What the catalogue has for a model. */
export interface Entry {
  readonly source: string;
  /** One for each time that has its own prices. */
  readonly cards: readonly Card[];
  /** The place in `cards` of what holds at that time. */
  cardAt(at: number): number;
}

type Price = Exclude<ModelPrice[string], undefined>;

/** The catalogue's name of each unit's price, and for how many it is. Of two names the first that is there counts. */
const priceKeys: readonly (readonly [key: string, unit: Unit, per: number])[] = [
  ["input_mtok", "input", 1e6],
  ["output_mtok", "output", 1e6],
  ["cache_read_mtok", "cached", 1e6],
  ["cache_audio_read_mtok", "cachedAudio", 1e6],
  ["cache_write_mtok", "cacheWrite", 1e6],
  ["cache_write_1h_mtok", "cacheWrite1h", 1e6],
  ["output_reasoning_mtok", "reasoning", 1e6],
  ["input_audio_mtok", "audioInput", 1e6],
  ["output_audio_mtok", "audioOutput", 1e6],
  ["input_image_mtok", "imageInput", 1e6],
  ["output_image_mtok", "imageOutput", 1e6],
  ["input_video_mtok", "videoInput", 1e6],
  ["input_document_kpages", "pages", 1e3],
  ["input_annotated_document_kpages", "annotatedPages", 1e3],
  ["input_audio_hours", "seconds", 3600],
  ["audio_hours", "seconds", 3600],
  ["input_mchars", "characters", 1e6],
  ["rerank_searches_kcount", "searchUnits", 1e3],
  ["web_searches_kcount", "webSearches", 1e3],
  ["requests_kcount", "requests", 1e3],
];

/** An entry without any price is free where its name says so; else the catalogue does not know. */
export function entryOf(provider: Provider, model: ModelInfo): Entry {
  const source = `${provider.id}/${model.id}`;
  const least = leastSeconds(provider, model);
  const dated: readonly ConditionalPrice[] = Array.isArray(model.prices)
    ? model.prices
    : [{ prices: model.prices }];
  return {
    source,
    cards: dated.map(({ prices }) => cardOfPrices(prices, source, least)),
    cardAt: dated.length < 2 ? () => 0 : (at) => placeAt(dated, at),
  };
}

function cardOfPrices(prices: ModelPrice, source: string, leastSeconds: number): Card {
  const rates = new Map<Unit, Rate>();
  for (const [key, unit, per] of priceKeys) {
    const price = prices[key];
    if (price === undefined || rates.has(unit)) continue;
    rates.set(unit, rateOf(price, per, source, unit === "seconds" ? leastSeconds : 0));
  }
  if (Object.keys(prices).length === 0 && source.endsWith(":free")) {
    for (const unit of ["input", "output"] as const) rates.set(unit, rateOf(0, 1, source, 0));
  }
  return cardOf(rates);
}

function rateOf(price: Price, per: number, source: string, least: number): Rate {
  if (typeof price === "number") {
    return { nanoUsd: nanoRate(price, per), tiers: [], least, source };
  }
  const tiers = price.tiers.map((tier) => ({
    above: tier.start,
    nanoUsd: nanoRate(tier.price, per),
  }));
  tiers.sort((one, other) => one.above - other.above);
  return { nanoUsd: nanoRate(price.base, per), tiers, least, source };
}

/** Groq charges ten seconds of audio at least; the library knows that beside its data, and so has it here. */
function leastSeconds(provider: Provider, model: ModelInfo): number {
  return provider.id === "groq" && model.id.startsWith("whisper-large-v3") ? 10 : 0;
}

/** The last whose condition holds; the first where none does. As the library chooses. */
function placeAt(dated: readonly ConditionalPrice[], at: number): number {
  return Math.max(
    0,
    dated.findLastIndex(({ constraint }) => constraint === undefined || holds(constraint, at)),
  );
}

const dayMs = 86_400_000;

function holds(constraint: Exclude<ConditionalPrice["constraint"], undefined>, at: number) {
  if (constraint.type === "start_date") return at >= Date.parse(constraint.start_date);
  const time = at % dayMs;
  const [start, end] = [timeOfDay(constraint.start_time), timeOfDay(constraint.end_time)];
  return end < start ? time >= start || time < end : time >= start && time < end;
}

/** Milliseconds since midnight, UTC, of `16:30:00Z` or `00:30:00+08:00`. */
function timeOfDay(text: string): number {
  const time = Date.parse(`1970-01-02T${text}`);
  return ((time % dayMs) + dayMs) % dayMs;
}
