import { isCount, type Unit, type Usage, units, wholeOf } from "../core/usage.ts";

/** What stands at a path within unknown JSON; undefined where nothing does. Only an object's own names count. */
export function field(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name))
      return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

/** As `field`, where it is a text that is not empty; else null. */
export function textField(value: unknown, ...path: readonly string[]): string | null {
  const found = field(value, ...path);
  return typeof found === "string" && found !== "" ? found : null;
}

/** As `field`, where it is a list; else an empty one. */
export function listField(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = field(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** Reads counts out of unknown JSON, and remembers whether one of them could not be one. */
export interface Counts {
  /** Undefined where the value is missing (or null), or is no count: that is noted. */
  count(value: unknown): number | undefined;
  readonly isInvalid: boolean;
}

export function readCounts(): Counts {
  let isInvalid = false;
  return {
    get isInvalid() {
      return isInvalid;
    },
    count(value) {
      if (value === undefined || value === null) return undefined;
      if (isCount(value)) return value;
      isInvalid = true;
      return undefined;
    },
  };
}

/** The units that were told, without parts of 0; null where none was told. */
export function usageOf(counts: Partial<Record<Unit, number | undefined>>): Usage | null {
  const usage: Partial<Record<Unit, number>> = {};
  let isTold = false;
  for (const unit of units) {
    const count = counts[unit];
    if (count === undefined) continue;
    isTold = true;
    if (count > 0 || !isExtra(unit)) usage[unit] = count;
  }
  return isTold ? usage : null;
}

/** Of these, 0 says no more than nothing does: they are parts of another unit, or extras. */
function isExtra(unit: Unit): boolean {
  return unit === "webSearches" || wholeOf(unit) !== null;
}

/** Of several counts those that were told, added; undefined where none was. */
export function sumOf(...counts: readonly (number | undefined)[]): number | undefined {
  let sum: number | undefined;
  for (const count of counts) if (count !== undefined) sum = (sum ?? 0) + count;
  return sum;
}
