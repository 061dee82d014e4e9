import type { NanoUsd } from "../core/money.ts";
import type { ChargedLine } from "../core/pricing.ts";
import { besideTokens, type Unit, type Usage, units } from "../core/usage.ts";

/** What one of a unit costs. */
export interface Rate {
  /** Nano-dollars, in fractions too. */
  readonly nanoUsd: number;
  /** Instead of it for the whole call once its input exceeds `above` tokens; ascending. */
  readonly tiers: readonly { readonly above: number; readonly nanoUsd: number }[];
  /** As many are charged at least, once there are any. */
  readonly least: number;
  /** The entry that it comes from, as `Priced.source` names it. */
  readonly source: string;
}

/** Rates by unit, in a form that is quick to charge by. */
export interface Card {
  readonly rates: ReadonlyMap<Unit, Rate>;
  /** Those with a rate, the most specific first; each with the places here of those it is part of. */
  readonly charged: readonly {
    readonly unit: Unit;
    readonly rate: Rate;
    readonly within: readonly number[];
  }[];
}

/** What a unit is part of; the most specific units first. Units that are not here are part of none. */
const partOf: Readonly<Partial<Record<Unit, readonly Unit[]>>> = {
  cachedAudio: ["cached", "audioInput", "input"],
  cacheWrite1h: ["cacheWrite", "input"],
  cached: ["input"],
  cacheWrite: ["input"],
  audioInput: ["input"],
  imageInput: ["input"],
  videoInput: ["input"],
  reasoning: ["output"],
  audioOutput: ["output"],
  imageOutput: ["output"],
  annotatedPages: ["pages"],
};

const specificFirst = units.toSorted(
  (one, other) => (partOf[other]?.length ?? 0) - (partOf[one]?.length ?? 0),
);

export function cardOf(rates: ReadonlyMap<Unit, Rate>): Card {
  const charged = specificFirst.filter((unit) => rates.has(unit));
  return {
    rates,
    charged: charged.flatMap((unit) => {
      const rate = rates.get(unit);
      const within = (partOf[unit] ?? []).map((whole) => charged.indexOf(whole));
      return rate === undefined ? [] : [{ unit, rate, within: within.filter((at) => at >= 0) }];
    }),
  };
}

export const emptyCard: Card = cardOf(new Map());

/** Nano-dollars for one, of which `per` cost `usd`: without the noise of the multiplication, so that halves are halves. */
export function nanoRate(usd: number, per: number): number {
  return Number(((usd * 1e9) / per).toPrecision(15));
}

/**
 * `upper`, and from `lower` what it says nothing of. Who prices a unit has priced its parts: an own price of input
 * holds for cached input too, whatever the catalogue has for that.
 */
export function layered(upper: Card, lower: Card): Card {
  if (upper.charged.length === 0) return lower;
  const rates = new Map(upper.rates);
  for (const [unit, rate] of lower.rates) {
    if (!hasRate(upper, unit)) rates.set(unit, rate);
  }
  return cardOf(rates);
}

/** Whether everything that was used has a rate, its own or that of what it is part of. */
export function covers(card: Card, usage: Usage): boolean {
  if (card.charged.length === 0) return false;
  const hasTokens = (usage.input ?? 0) > 0 || (usage.output ?? 0) > 0;
  for (const unit of units) {
    if ((usage[unit] ?? 0) === 0 || hasRate(card, unit)) continue;
    if (!hasTokens || !besideTokens.has(unit)) return false;
  }
  return true;
}

function hasRate({ rates }: Card, unit: Unit): boolean {
  if (rates.has(unit)) return true;
  const wholes = partOf[unit];
  return wholes !== undefined && wholes.some((whole) => rates.has(whole));
}

/** Rounded once, of the sum. Null where the counts contradict each other, or the sum is beyond all measure. */
export function charge(
  card: Card,
  usage: Usage,
): { readonly nanoUsd: NanoUsd; readonly source: string } | null {
  const counts = countsOf(card, usage);
  if (counts === null) return null;
  let sum = 0;
  let source = "";
  for (let at = 0; at < counts.length; at++) {
    const rate = card.charged[at]?.rate;
    const count = counts[at] ?? 0;
    if (rate === undefined || count === 0) continue;
    sum += count * rateFor(rate, usage);
    if (source === "") source = rate.source;
    else if (source !== rate.source && !source.includes(rate.source)) source += `, ${rate.source}`;
  }
  const nanoUsd = Math.round(sum);
  if (!Number.isSafeInteger(nanoUsd)) return null;
  return { nanoUsd, source: source === "" ? (card.charged[0]?.rate.source ?? "") : source };
}

/** What `charge` adds up, in that order: of units that were not used, nothing. */
export function linesOf(card: Card, usage: Usage): readonly ChargedLine[] | null {
  const counts = countsOf(card, usage);
  if (counts === null) return null;
  return card.charged.flatMap(({ unit, rate }, at): ChargedLine[] => {
    const count = counts[at] ?? 0;
    if (count === 0) return [];
    const above = tierOf(rate, usage)?.above ?? null;
    return [{ unit, count, nanoUsdEach: rateFor(rate, usage), above, source: rate.source }];
  });
}

/** What is charged at each rate of the card: of a whole, what is left of it without its parts. */
function countsOf({ charged }: Card, usage: Usage): readonly number[] | null {
  const taken = charged.map(() => 0);
  const counts: number[] = [];
  for (let at = 0; at < charged.length; at++) {
    const line = charged[at];
    if (line === undefined) continue;
    const { unit, rate, within } = line;
    const parts = taken[at] ?? 0;
    const count = (usage[unit] ?? untold(unit, parts)) - parts;
    if (!(count >= 0)) return null;
    for (const whole of within) taken[whole] = (taken[whole] ?? 0) + count;
    counts.push(count > 0 && count < rate.least ? rate.least : count);
  }
  return counts;
}

/** A call is one request; what is a part itself is as much as its own parts; a whole is not to be guessed. */
function untold(unit: Unit, parts: number): number {
  if (unit === "requests") return 1;
  return partOf[unit] === undefined ? 0 : parts;
}

function rateFor(rate: Rate, usage: Usage): number {
  return tierOf(rate, usage)?.nanoUsd ?? rate.nanoUsd;
}

function tierOf({ tiers }: Rate, { input = 0 }: Usage): Rate["tiers"][number] | null {
  let found = null;
  for (const tier of tiers) if (input > tier.above) found = tier;
  return found;
}
