import type { KeySecret } from "../core/key.ts";
import type { QueryPlan } from "../core/routes.ts";

/**
 * The target's query and the client's as one. The client's bytes, order and repeats stay as sent; taken out are
 * only keys of this gateway, and what would stand beside a credential that the target's own query brings.
 */
export function joinQuery(
  target: string,
  client: string,
  plan: QueryPlan,
  masterKey: KeySecret | null,
): string {
  const kept = clean(client, plan, masterKey);
  if (!plan.merge) return joined([target, kept]);
  const asked = names(kept);
  const fromTarget = split(target).filter(
    (pair) => plan.credentialNames.has(nameOf(pair)) || !asked.has(nameOf(pair)),
  );
  const set = new Set([...asked, ...names(target)]);
  const defaults = plan.defaults.filter((pair) => !set.has(nameOf(pair)));
  return joined([...defaults, ...fromTarget, kept]);
}

function clean(query: string, { credentialNames }: QueryPlan, masterKey: KeySecret | null): string {
  if (query === "" || (masterKey === null && credentialNames.size === 0)) return query;
  const pairs = query.split("&");
  const kept = pairs.filter((pair) => {
    if (credentialNames.has(nameOf(pair))) return false;
    if (masterKey === null) return true;
    const value = decode(pair.slice(pair.indexOf("=") + 1));
    return !masterKey.standsIn(value) && !masterKey.standsIn(nameOf(pair));
  });
  return kept.length === pairs.length ? query : kept.join("&");
}

function split(query: string): string[] {
  return query === "" ? [] : query.split("&");
}

function names(query: string): Set<string> {
  return new Set(split(query).map(nameOf));
}

function nameOf(pair: string): string {
  const equals = pair.indexOf("=");
  return decode(equals < 0 ? pair : pair.slice(0, equals));
}

/** As a form decodes it; text with broken escapes stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("&");
}
