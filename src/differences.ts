import type { Route } from "./core/routes.ts";

/** What a reload changed, as names: values may be secrets. */
export interface Differences {
  readonly added: readonly string[];
  /** A route's id with the parts that are others now, or a setting's key. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** One side of a comparison. */
export interface Side {
  /** `general_settings`. */
  readonly general: object;
  readonly routes: readonly Route[];
}

/** Which routes came, went or changed, and which settings did. */
export function differences(before: Side, after: Side): Differences {
  const old = new Map(before.routes.map((route) => [route.id, route]));
  const added: string[] = [];
  const changed = changedSettings(before.general, after.general);
  for (const route of after.routes) {
    const was = old.get(route.id);
    const parts = was === undefined ? [] : changedKeys(was, route);
    if (was === undefined) added.push(route.id);
    else if (parts.length > 0) changed.push(`${route.id} (${parts.join(", ")})`);
    old.delete(route.id);
  }
  return { added, changed, removed: [...old.keys()] };
}

function changedSettings(before: object, after: object): string[] {
  return changedKeys(before, after)
    .filter((key) => key !== "pass_through_endpoints") // told route by route
    .map((key) => `general_settings.${key}`);
}

function changedKeys(before: object, after: object): string[] {
  const old = new Map<string, unknown>(Object.entries(before));
  const now = new Map<string, unknown>(Object.entries(after));
  const keys = new Set([...old.keys(), ...now.keys()]);
  return [...keys].filter((key) => asText(old.get(key)) !== asText(now.get(key)));
}

/** Sets and all, so that two values can be compared. */
function asText(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) => (part instanceof Set ? [...part] : part));
}
