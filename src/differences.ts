import type { Route } from "./core/routes.ts";

/** What a reload changed, as names: values may be secrets. */
export interface Differences {
  readonly added: readonly string[];
  /** A route's id with the parts that are others now, or a setting's key. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** `general_settings` and the like, by their names. */
export type SettingsBySection = Readonly<Record<string, object>>;

/** One side of a comparison. */
export interface Side {
  readonly settings: SettingsBySection;
  readonly routes: readonly Route[];
}

/** Which routes came, went or changed, and which settings did. */
export function differences(before: Side, after: Side): Differences {
  const old = new Map(before.routes.map((route) => [route.id, route]));
  const added: string[] = [];
  const changed = Object.keys(after.settings).flatMap((section) =>
    changedSettings(section, before.settings[section] ?? {}, after.settings[section] ?? {}),
  );
  for (const route of after.routes) {
    const was = old.get(route.id);
    const parts = was === undefined ? [] : changedKeys(was, route);
    if (was === undefined) added.push(route.id);
    else if (parts.length > 0) changed.push(`${route.id} (${parts.join(", ")})`);
    old.delete(route.id);
  }
  return { added, changed, removed: [...old.keys()] };
}

function changedSettings(section: string, before: object, after: object): string[] {
  return changedKeys(before, after)
    .filter((key) => key !== "pass_through_endpoints") // told route by route
    .map((key) => `${section}.${key}`);
}

function changedKeys(before: object, after: object): string[] {
  if (before === after) return []; // as most routes are, of thousands
  const old = new Map<string, unknown>(Object.entries(before));
  const now = new Map<string, unknown>(Object.entries(after));
  const keys = new Set([...old.keys(), ...now.keys()]);
  return [...keys].filter((key) => asText(old.get(key)) !== asText(now.get(key)));
}

/** Sets and all, so that two values can be compared. */
function asText(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    part instanceof Set || part instanceof Map ? [...part] : part,
  );
}
