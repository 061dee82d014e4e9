import type { QueryPlan } from "../core/routes.ts";
import { holdsKey, type OwnKeys } from "./own-keys.ts";
import { formDecoded, percentDecoded } from "./percent-decoded.ts";

/**
 * The target's query and the client's as one. The client's bytes, order and repeats stay as sent; taken out are
 * only keys of this gateway, and what would stand beside a credential that the target's own query brings.
 */
export function joinQuery(target: string, client: string, plan: QueryPlan, own: OwnKeys): string {
  const kept = clean(client, plan, own);
  if (!plan.merge) return joined([target, kept]);
  const asked = names(kept);
  const fromTarget = split(target).filter(
    (pair) => plan.credentialNames.has(nameOf(pair)) || !asked.has(nameOf(pair)),
  );
  const set = new Set([...asked, ...names(target)]);
  const defaults = plan.defaults.filter((pair) => !set.has(nameOf(pair)));
  return joined([...defaults, ...fromTarget, kept]);
}

function clean(query: string, { credentialNames }: QueryPlan, own: OwnKeys): string {
  if (query === "" || (credentialNames.size === 0 && isHarmless(query, own))) return query;
  const pairs = query.split("&");
  const kept = pairs.filter(
    (pair) => !credentialNames.has(nameOf(pair)) && !pairHoldsKey(pair, own),
  );
  return kept.length === pairs.length ? query : kept.join("&");
}

/** Virtual keys begin with `sk-`; a master key may begin with anything. */
function isHarmless(query: string, { masterKey }: OwnKeys): boolean {
  return masterKey === null && !query.includes("sk-") && !query.includes("%");
}

function pairHoldsKey(pair: string, own: OwnKeys): boolean {
  const value = pair.slice(pair.indexOf("=") + 1);
  if (holdsKey(formDecoded(value), own)) return true;
  if (pair.includes("+") && holdsKey(percentDecoded(value), own)) return true; // a `+` that means itself
  return pair.includes("=") && holdsKey(nameOf(pair), own);
}

function split(query: string): string[] {
  return query === "" ? [] : query.split("&");
}

function names(query: string): Set<string> {
  return new Set(split(query).map(nameOf));
}

function nameOf(pair: string): string {
  const equals = pair.indexOf("=");
  return formDecoded(equals < 0 ? pair : pair.slice(0, equals));
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("&");
}
