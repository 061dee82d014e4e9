import type { UnitPrices, UsageRules } from "../core/metering-settings.ts";
import { besideTokens, type Unit, units as allUnits, wholeOf } from "../core/usage.ts";
import type { Endpoint } from "./endpoint-schema.ts";
import { type Finding, type KeyPath, warning } from "./findings.ts";
import { unitOf, writtenUnit } from "./unit-names.ts";

/** `prices` by unit; null where they are left out. */
export interface CompiledPrices {
  readonly prices: UnitPrices | null;
  readonly findings: readonly Finding[];
}

/** The prices of the endpoint at `path`, held against what its `usage` tells. */
export function compilePrices(
  { prices: written, cost_per_request: flat }: Endpoint,
  path: KeyPath,
  rules: UsageRules | null,
): CompiledPrices {
  const findings: Finding[] = [];
  const prices: Partial<Record<Unit, number>> = {};
  for (const [name, usd] of Object.entries(written ?? {})) {
    const named = unitOf(name, [...path, "prices", name]);
    if ("fault" in named) findings.push(named.fault);
    else prices[named.unit] = usd;
  }
  if (written !== undefined && flat !== undefined) {
    const message = "cost_per_request is booked, and comes before these prices";
    findings.push(warning([...path, "prices"], message, "Take one of the two out.", "ignored"));
  } else if (rules !== null && findings.length === 0) {
    findings.push(...mismatches(rules, written === undefined ? null : prices, flat, path));
  }
  return { prices: written === undefined ? null : prices, findings };
}

function mismatches(
  { model, units }: UsageRules,
  prices: UnitPrices | null,
  flat: number | undefined,
  path: KeyPath,
): Finding[] {
  if (prices === null) {
    if (flat !== undefined || model !== null) return [];
    const message = "there is no price for these units, and no model whose price could be known";
    const remedy = "Add prices, USD for one of each, or usage.model; until then no cost is known.";
    return [warning([...path, "usage"], message, remedy)];
  }
  const isTold = (unit: Unit) => units.has(unit) || unit === "requests"; // a call is one request
  const untold = allUnits.filter((unit) => prices[unit] !== undefined && !isTold(unit));
  const hasTokens = units.has("input") || units.has("output");
  const unpriced = [...units.keys()].filter(
    (unit) => model === null && !isPriced(unit, prices) && !(hasTokens && besideTokens.has(unit)),
  );
  return [
    ...untold.map((unit) => {
      const message = "nothing in usage tells this unit, so nothing is booked for it";
      const place = [...path, "prices", writtenUnit(unit)];
      return warning(place, message, "Add it to usage.units, or take it out.", "ignored");
    }),
    ...unpriced.map((unit) => {
      const name = writtenUnit(unit);
      const message = "this unit has no price: calls that use it have an unknown cost";
      return warning([...path, "usage", "units", name], message, `Set prices.${name}; 0 is free.`);
    }),
  ];
}

/** A part has the price of its whole where it has none of its own. */
function isPriced(unit: Unit, prices: UnitPrices): boolean {
  if (prices[unit] !== undefined) return true;
  const whole = wholeOf(unit);
  return whole !== null && isPriced(whole, prices);
}
