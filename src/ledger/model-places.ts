import type { Budget } from "../core/limits.ts";
import type { Level } from "./levels.ts";
import type { Tally } from "./tally.ts";

/** A model's place in a level that limits it. */
export interface ModelPlace {
  readonly whose: string;
  readonly tally: Tally;
  readonly rpm: number | null;
  readonly tpm: number | null;
  readonly budget: Budget | null;
}

/** Every model that the request names, in every level that limits it; once, in whatever cases it is written. */
export function modelPlaces(levels: readonly Level[], models: readonly string[]): ModelPlace[] {
  const names = models.length === 1 ? models : uniqueNames(models);
  return levels.flatMap(({ whose, modelLimits, model: tallyOf }) => {
    if (modelLimits === null) return [];
    return names.flatMap((model) => {
      const rpm = ownRate(modelLimits.rpm, model);
      const tpm = ownRate(modelLimits.tpm, model);
      const budget = ownBudget(modelLimits.budgets, model);
      if (rpm === null && tpm === null && budget === null) return [];
      return [{ whose: `${whose} for ${model}`, tally: tallyOf(model), rpm, tpm, budget }];
    });
  });
}

function uniqueNames(models: readonly string[]): readonly string[] {
  return [...new Map(models.map((model) => [model.toLowerCase(), model])).values()];
}

/**
 * Looks a model's limit up, whatever the case of its name: there are upstreams that do not mind it. Names are put in
 * lower case once for each object of limits, which never changes.
 */
function limitsByModel<Value>() {
  const known = new WeakMap<object, ReadonlyMap<string, Value>>();
  return (values: Readonly<Record<string, Value>>, name: string): Value | null => {
    if (Object.hasOwn(values, name)) return values[name] ?? null;
    let lowered = known.get(values);
    if (lowered === undefined) known.set(values, (lowered = inLowerCase(values)));
    return lowered.get(name.toLowerCase()) ?? null;
  };
}

/** Of names that are told apart by their case alone the first one counts. */
function inLowerCase<Value>(values: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> {
  const entries = Object.entries(values).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  return new Map(entries.reverse());
}

const ownRate = limitsByModel<number>();
const ownBudget = limitsByModel<Budget>();
