import type { Unit } from "../core/usage.ts";
import { type Card, cardOf, nanoRate, type Rate } from "./rates.ts";

/** What is wrong with a key of `model_info`. */
export interface PriceFinding {
  readonly key: string;
  readonly message: string;
}

/** LiteLLM's keys of prices in USD for one. Of several keys for one unit the largest counts: LiteLLM sets the others 0. */
const units: Readonly<Record<string, Unit>> = {
  input_cost_per_token: "input",
  output_cost_per_token: "output",
  cache_read_input_token_cost: "cached",
  cache_read_input_audio_token_cost: "cachedAudio",
  cache_creation_input_token_cost: "cacheWrite",
  cache_creation_input_token_cost_above_1hr: "cacheWrite1h",
  output_cost_per_reasoning_token: "reasoning",
  input_cost_per_audio_token: "audioInput",
  output_cost_per_audio_token: "audioOutput",
  input_cost_per_image_token: "imageInput",
  output_cost_per_image_token: "imageOutput",
  input_cost_per_video_token: "videoInput",
  ocr_cost_per_page: "pages",
  annotation_cost_per_page: "annotatedPages",
  input_cost_per_second: "seconds",
  output_cost_per_second: "seconds",
  input_cost_per_character: "characters",
  output_cost_per_image: "images",
  input_cost_per_image: "images",
  input_cost_per_query: "searchUnits",
  search_context_cost_per_query: "webSearches",
  input_cost_per_request: "requests",
};

/** The same price from so many thousand tokens of input on. */
const tierKey = /^(.+)_above_(\d{1,6})k_tokens$/;

interface Draft {
  nanoUsd: number | null;
  readonly tiers: { readonly above: number; readonly nanoUsd: number }[];
  /** The key that named it, for what there is to say. */
  key: string;
}

/** The prices in a `model_info`; keys that are no prices we can use are passed over. */
export function cardOfModelInfo(
  info: Readonly<Record<string, unknown>>,
  source: string,
): { readonly card: Card; readonly findings: readonly PriceFinding[] } {
  const drafts = new Map<Unit, Draft>();
  const findings: PriceFinding[] = [];
  for (const [key, value] of Object.entries(info)) {
    const tier = tierKey.exec(key);
    const unit = unitOf(tier?.[1] ?? key);
    if (unit === undefined || value === null || value === undefined) continue;
    const usd = usdOf(unit, value);
    if (usd === null) {
      findings.push({ key, message: "a price in USD for one is meant: a number, 0 or more" });
      continue;
    }
    const draft = drafts.get(unit) ?? { nanoUsd: null, tiers: [], key };
    drafts.set(unit, draft);
    const nanoUsd = nanoRate(usd, 1);
    if (tier === null) draft.nanoUsd = Math.max(draft.nanoUsd ?? 0, nanoUsd);
    else draft.tiers.push({ above: Number(tier[2]) * 1000, nanoUsd });
  }
  return { card: cardOf(ratesOf(drafts, source, findings)), findings };
}

function unitOf(key: string): Unit | undefined {
  return Object.hasOwn(units, key) ? units[key] : undefined;
}

function ratesOf(drafts: ReadonlyMap<Unit, Draft>, source: string, findings: PriceFinding[]) {
  const rates = new Map<Unit, Rate>();
  for (const [unit, { nanoUsd, tiers, key }] of drafts) {
    if (nanoUsd === null) {
      const base = key.replace(tierKey, "$1");
      findings.push({ key, message: `it needs ${base} beside it, for calls below` });
      continue;
    }
    tiers.sort((one, other) => one.above - other.above);
    rates.set(unit, { nanoUsd, tiers, least: 0, source });
  }
  return rates;
}

/** A number; a text that is one (YAML 1.1 reads `1e-6` so); of searches by size of their context, the medium one. */
function usdOf(unit: Unit, value: unknown): number | null {
  if (unit === "webSearches" && typeof value === "object" && value !== null) {
    const medium: unknown = Reflect.get(value, "search_context_size_medium");
    return typeof medium === "number" ? priceOf(medium) : null;
  }
  if (typeof value === "string" && /^\d*\.?\d+(?:e[+-]?\d+)?$/i.test(value)) {
    return priceOf(Number(value));
  }
  return typeof value === "number" ? priceOf(value) : null;
}

/** Nothing costs a million dollars apiece. */
function priceOf(usd: number): number | null {
  return usd >= 0 && usd <= 1_000_000 ? usd : null;
}
