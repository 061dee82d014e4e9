import { expect, test } from "bun:test";
import { calcPrice, type Provider, waitForUpdate } from "@pydantic/genai-prices";
import { type Usage, units } from "../../src/core/usage.ts";
import { entryOf } from "../../src/pricing/catalogue-rates.ts";
import { charge, covers } from "../../src/pricing/rates.ts";

const providers = (await waitForUpdate()) ?? [];

const times = [
  "2025-01-01T00:00Z",
  "2026-08-18T00:10Z",
  "2026-08-18T01:00Z",
  "2026-08-18T05:30Z",
  "2026-08-18T08:30Z",
  "2026-08-18T16:29:59.999Z",
  "2026-08-18T17:00Z",
  "2026-12-31T23:59Z",
  "2027-01-02T08:30Z",
];

const samples: readonly Usage[] = [
  { input: 1000, output: 100 },
  { input: 1000, output: 100, cached: 300, cacheWrite: 200, cacheWrite1h: 50, reasoning: 40 },
  { input: 300_000, output: 7000, cached: 100_000, cacheWrite: 20_000, reasoning: 5000 },
  { input: 600_000, output: 70, audioInput: 300, cached: 100, cachedAudio: 60, audioOutput: 20 },
  { input: 900, output: 70, imageInput: 300, videoInput: 200, imageOutput: 20 },
  { input: 271_999 },
  { input: 272_000, output: 1 },
  { input: 272_001, output: 1 },
  { input: 199_999, output: 1 },
  { pages: 12, annotatedPages: 5 },
  { seconds: 4.5 },
  { seconds: 4000.25 },
  { input: 10, output: 10, webSearches: 3 },
];

/** What the library calls our units. */
const usageKeys = {
  input: ["input_tokens"],
  output: ["output_tokens"],
  cached: ["cache_read_tokens"],
  cachedAudio: ["cache_audio_read_tokens"],
  cacheWrite: ["cache_write_tokens"],
  cacheWrite1h: ["cache_write_1h_tokens"],
  reasoning: ["output_reasoning_tokens"],
  audioInput: ["input_audio_tokens"],
  audioOutput: ["output_audio_tokens"],
  imageInput: ["input_image_tokens"],
  imageOutput: ["output_image_tokens"],
  videoInput: ["input_video_tokens"],
  pages: ["input_document_pages"],
  annotatedPages: ["input_annotated_document_pages"],
  seconds: ["audio_seconds", "input_audio_seconds"],
  webSearches: ["web_searches"],
} as const;

/** With the overlaps that our units do not know as none. */
function libraryUsage(usage: Usage): Record<string, number> {
  const told: Record<string, number> = { cache_image_read_tokens: 0, cache_audio_read_tokens: 0 };
  for (const [unit, keys] of Object.entries(usageKeys)) {
    const count = Object.entries(usage).find(([name]) => name === unit)?.[1] ?? 0;
    for (const key of keys) told[key] = count;
  }
  return told;
}

function reduced(provider: Provider, model: Provider["models"][number]): Provider {
  return { ...provider, models: [{ ...model, match: { equals: "m" } }] };
}

test.each(providers.map((provider) => [provider.id, provider] as const))(
  "every model of %s costs what the library says",
  (_, provider) => {
    let compared = 0;
    for (const model of provider.models) {
      const one = reduced(provider, model);
      const entry = entryOf(provider, model);
      for (const time of times) {
        const at = Date.parse(time);
        const card = entry.cards[entry.cardAt(at)];
        if (card === undefined) throw new Error(`${model.id} has no card`);
        for (const usage of samples) {
          if (!covers(card, usage)) continue;
          compared += 1;
          const told = calcPrice(libraryUsage(usage), "m", {
            provider: one,
            timestamp: new Date(at),
          });
          const ours = charge(card, usage)?.nanoUsd ?? Number.NaN;
          const nano = (told?.total_price ?? Number.NaN) * 1e9;
          if (!(Math.abs(ours - nano) <= 0.5001)) {
            throw new Error(`${model.id} ${time} ${JSON.stringify(usage)}: ${ours}, not ${nano}`);
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(0);
  },
);

test("every price key that the catalogue uses is one of a unit here, or of what no format counts", () => {
  const uncounted = [
    "cache_image_read_mtok",
    "input_text_messages_kcount",
    "output_citation_mtok",
    "output_video_mtok",
    "storage_searches_kcount",
  ];
  const used = new Set<string>();
  for (const { models } of providers) {
    for (const { prices } of models) {
      for (const each of Array.isArray(prices) ? prices.map((one) => one.prices) : [prices]) {
        for (const key of Object.keys(each)) used.add(key);
      }
    }
  }
  const provider = providers[0];
  const model = provider?.models[0];
  if (provider === undefined || model === undefined) throw new Error("an empty catalogue");

  const unknown = [...used].filter((key) => {
    const entry = entryOf(provider, { ...model, prices: { [key]: 1 } });
    return entry.cards[0]?.rates.size === 0;
  });

  expect(unknown.sort()).toEqual(uncounted);
  expect(units.length).toBe(20); // a new unit wants a price key, if the catalogue has one
});

test("prices over midnight, in another zone too, hold when the library says", () => {
  const provider = providers[0];
  if (provider === undefined) throw new Error("an empty catalogue");
  const model = (start_time: string, end_time: string) => ({
    id: "owl",
    match: { equals: "m" },
    prices: [
      { prices: { input_mtok: 2 } },
      {
        constraint: { type: "time_of_date" as const, start_time, end_time },
        prices: { input_mtok: 1 },
      },
    ],
  });

  for (const owl of [model("22:00:00Z", "04:00:00Z"), model("00:30:00+08:00", "08:30:00+08:00")]) {
    const entry = entryOf(provider, owl);
    for (let hour = 0; hour < 24; hour += 0.5) {
      const at = Date.UTC(2026, 10, 21) + hour * 3_600_000;
      const told = calcPrice({ input_tokens: 1e6 }, "m", {
        provider: reduced(provider, owl),
        timestamp: new Date(at),
      });
      const card = entry.cards[entry.cardAt(at)];

      expect([hour, card && charge(card, { input: 1e6 })?.nanoUsd]).toEqual([
        hour,
        (told?.total_price ?? 0) * 1e9,
      ]);
    }
  }
});
