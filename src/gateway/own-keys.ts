import { type KeySecret, tokensIn, withoutScheme } from "../core/key.ts";
import type { Keys } from "../core/key-record.ts";
import { percentDecoded } from "./percent-decoded.ts";

/** All keys of this gateway. */
export interface OwnKeys {
  readonly masterKey: KeySecret | null;
  readonly keys: Keys;
}

/**
 * Whether a key of this gateway stands in a header's or a parameter's value: the master key, or a virtual one in
 * whatever state. By value: alone, behind a scheme, in lists, cookies, `name=value`, JSON, Basic credentials,
 * percent-encoded. What merely begins or ends like one of ours is not ours.
 */
export function holdsKey(value: string, own: OwnKeys): boolean {
  if (holdsPlainly(value, own)) return true;
  if (value.includes("%")) {
    const decoded = percentDecoded(value);
    if (decoded !== value && holdsPlainly(decoded, own)) return true;
  }
  return laterBasic.test(value) && value.split(/,\s*/).some((part) => holdsPlainly(part, own));
}

/** Whether a key of this gateway stands in a segment of a path. Mostly a look at lengths. */
export function pathHoldsKey(path: string, own: OwnKeys): boolean {
  const { masterKey } = own;
  if (path.includes("sk-") || path.includes("%")) {
    return path.split("/").some((segment) => holdsKey(segment, own));
  }
  return masterKey !== null && path.split("/").some((segment) => masterKey.standsIn(segment));
}

/** The text, for what is recorded; null where it holds a key of ours. */
export function scrubText(value: string, own: OwnKeys): string | null {
  return holdsKey(value, own) ? null : value;
}

/** Two `Authorization` lines come joined: `Bearer …, Basic …`. */
const laterBasic = /,\s*basic /i;
const basic = /^basic /i;

function holdsPlainly(value: string, own: OwnKeys): boolean {
  if (value.includes("sk-") && holdsPrefixed(value, own)) return true;
  const { masterKey } = own;
  if (masterKey !== null && (masterKey.standsIn(value) || standsBehindScheme(value, masterKey))) {
    return true;
  }
  return basic.test(value) && tokensIn(value).some((token) => holdsPrefixed(token, own));
}

/** A master key may hold what lists are split at. */
function standsBehindScheme(value: string, masterKey: KeySecret): boolean {
  const bare = withoutScheme(value);
  return bare.length < value.length && masterKey.standsIn(bare);
}

/** The form of every virtual key, where it does not go on from a word before it. */
const prefixed = /(?<![\w~+-])sk-[\w.~+=-]{13,253}/g;

/** How keys are made here: of keys that somebody chose, more characters may be part. */
const made = /^[\w-]+/;

function holdsPrefixed(value: string, { masterKey, keys }: OwnKeys): boolean {
  for (const [run] of value.matchAll(prefixed)) {
    if (keys.find(run) !== null || masterKey?.matches(run) === true) return true;
    const [start = run] = made.exec(run) ?? [];
    if (start === run) continue;
    if (keys.find(start) !== null || masterKey?.matches(start) === true) return true; // `<key>.<signature>`
  }
  return false;
}
