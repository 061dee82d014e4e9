import { type Unit, type Usage, units } from "../core/usage.ts";
import { type Finding, fault, type KeyPath } from "./findings.ts";
import { nearest } from "./nearest.ts";

/** As the file writes it: `cacheWrite1h` is `cache_write_1h`. */
export function writtenUnit(unit: Unit): string {
  return unit.replace(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`);
}

/** Counts under the names that the file gives their units: so they are written wherever somebody reads them. */
export function writtenUsage(usage: Usage): Record<string, number> {
  return Object.fromEntries(
    units.flatMap((unit) => {
      const count = usage[unit];
      return count === undefined ? [] : [[writtenUnit(unit), count]];
    }),
  );
}

const byName: ReadonlyMap<string, Unit> = new Map(units.map((unit) => [writtenUnit(unit), unit]));

/** The unit that a key names, or the fault of one that names none; `path` is the key's. */
export function unitOf(
  name: string,
  path: KeyPath,
): { readonly unit: Unit } | { readonly fault: Finding } {
  const unit = byName.get(name);
  if (unit !== undefined) return { unit };
  const names = [...byName.keys()];
  const meant = nearest(name, names);
  const remedy = `${meant === null ? "" : `Did you mean ${meant}? `}Units are ${names.join(", ")}.`;
  return { fault: fault(path, "this is no unit", remedy) };
}
