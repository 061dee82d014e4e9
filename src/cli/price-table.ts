import { writtenUnit } from "../config/unit-names.ts";
import type { Unit } from "../core/usage.ts";
import type { Card, Rate } from "../pricing/rates.ts";
import { table } from "./table.ts";

interface NamedCard {
  readonly name: string;
  readonly card: Card;
}

/** How prices of a unit are usually told; tokens where it is not here. */
const scales: Readonly<Partial<Record<Unit, readonly [count: number, words: string]>>> = {
  pages: [1000, "1,000 pages"],
  annotatedPages: [1000, "1,000 pages"],
  seconds: [3600, "an hour"],
  characters: [1_000_000, "1 M characters"],
  images: [1, "an image"],
  searchUnits: [1000, "1,000 search units"],
  webSearches: [1000, "1,000 searches"],
  requests: [1000, "1,000 requests"],
};

function scaleOf(unit: Unit): readonly [count: number, words: string] {
  return scales[unit] ?? [1_000_000, "1 M tokens"];
}

/** A line for each unit, with a column for each size of input that has its own price. */
export function cardTable({ name, card }: NamedCard): string {
  const rates = inOrder(card);
  const steps = [...new Set(rates.flatMap(([, { tiers }]) => tiers.map(({ above }) => above)))];
  steps.sort((one, other) => one - other);
  const above = steps.map((step) => `ABOVE ${step.toLocaleString("en-US")} TOKENS`);
  const rows = rates.map(([unit, rate]) => {
    const [count, words] = scaleOf(unit);
    const priced = [0, ...steps].map((step) => dollars(rateAt(rate, step), count));
    return [writtenUnit(unit), ...priced, words, rate.source];
  });
  const head = ["UNIT", "USD", ...above, "FOR", "FROM"];
  return [name, ...table([head, ...rows]).map((line) => `  ${line}`)].join("\n");
}

/** `input $2.5 for 1 M tokens, …` */
export function cardText(card: Card): string {
  return inOrder(card)
    .map(([unit, rate]) => {
      const [count, words] = scaleOf(unit);
      return `${writtenUnit(unit)} ${dollars(rate.nanoUsd, count)} for ${words}`;
    })
    .join(", ");
}

/** USD for one of each unit. */
export function cardJson({ name, card }: NamedCard) {
  const units = inOrder(card).map(([unit, { nanoUsd, tiers, source }]) => [
    writtenUnit(unit),
    {
      usd: nanoUsd / 1e9,
      tiers: tiers.map((tier) => ({ above_input_tokens: tier.above, usd: tier.nanoUsd / 1e9 })),
      source,
    },
  ]);
  return { model: name, units: Object.fromEntries(units) };
}

function inOrder({ rates }: Card): readonly (readonly [Unit, Rate])[] {
  return [...rates];
}

function rateAt({ nanoUsd, tiers }: Rate, step: number): number {
  return tiers.findLast(({ above }) => step >= above)?.nanoUsd ?? nanoUsd;
}

function dollars(nanoUsd: number, count: number): string {
  const usd = Number(((nanoUsd * count) / 1e9).toPrecision(12));
  return `$${usd.toFixed(9).replace(/\.?0+$/, "")}`;
}
