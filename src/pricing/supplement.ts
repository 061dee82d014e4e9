import type { UnitPrices } from "../core/metering-settings.ts";
import type { Card } from "./rates.ts";
import { cardOfUnitPrices } from "./unit-prices.ts";

const perThousand = (usd: number) => usd / 1000;
const perMillion = (usd: number) => usd / 1_000_000;
const perHour = (usd: number) => usd / 3600;

/** A query with up to 100 documents is one search unit. */
const rerank: UnitPrices = { searchUnits: perThousand(2) };

/**
 * What the catalogue lacks, each with the public page that told it. Prices that hang on more than a count (images by
 * size and quality) are not here: `model_info` and `prices` of a route can name them.
 *
 * - Cohere rerank v4: developer.puter.com/tutorials/cohere-api-pricing (2026-06), in search units.
 * - Cohere rerank v3 and v3.5: docs.memberjunction.org/api/classes/_memberjunction_search-engine.CohereReRanker.html (2026-04).
 * - Cohere embed v3: www.getmaxim.ai/bifrost/llm-cost-calculator/provider/cohere (read 2026-11-21).
 * - AssemblyAI: www.assemblyai.com/pricing, as transcribed on 2026-10-07 in
 *   github.com/api-evangelist/assemblyai/blob/main/plans/assemblyai-plans-pricing.yml; billed to the second by
 *   assemblyai.com/docs/billing-and-pricing. Add-ons are not told by its replies and not in these.
 * - OpenAI speech: developers.openai.com/api/docs/models/tts-1 and …/tts-1-hd (read 2026-11-21), by character.
 */
const supplement: Readonly<Record<string, Readonly<Record<string, UnitPrices>>>> = {
  cohere: {
    "rerank-v4.0-pro": { searchUnits: perThousand(2.5) },
    "rerank-v4.0-fast": rerank,
    "rerank-v3.5": rerank,
    "rerank-english-v3.0": rerank,
    "rerank-multilingual-v3.0": rerank,
    "embed-english-v3.0": { input: perMillion(0.1) },
    "embed-english-light-v3.0": { input: perMillion(0.1) },
    "embed-multilingual-v3.0": { input: perMillion(0.1) },
  },
  assemblyai: {
    "universal-3-5-pro": { seconds: perHour(0.21) },
    "universal-3-pro": { seconds: perHour(0.21) },
    "universal-2": { seconds: perHour(0.15) },
    universal: { seconds: perHour(0.15) },
  },
  openai: {
    "tts-1": { characters: perMillion(15) },
    "tts-1-hd": { characters: perMillion(30) },
  },
};

const cards = new Map(
  Object.entries(supplement).map(([provider, models]) => {
    const named = Object.entries(models).map(([model, prices]): [string, Card] => [
      model,
      cardOfUnitPrices(prices, `${provider}/${model}`),
    ]);
    return [provider, new Map(named)];
  }),
);

/** The first of `names` that is here; with no provider, whoever has it. */
export function supplementFor(provider: string | null, names: readonly string[]): Card | null {
  const lists = provider === null ? [...cards.values()] : [cards.get(provider)];
  for (const name of names) {
    for (const list of lists) {
      const card = list?.get(name);
      if (card !== undefined) return card;
    }
  }
  return null;
}

/** `provider/model` of each entry. */
export function supplementNames(): readonly string[] {
  return [...cards].flatMap(([provider, models]) =>
    [...models.keys()].map((model) => `${provider}/${model}`),
  );
}
