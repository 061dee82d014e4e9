import { KeySecret, newKey } from "../core/key.ts";
import type { KeyBook } from "../core/key-book.ts";
import type { FoundKey, Keys } from "../core/key-record.ts";
import type { GatewayRules } from "../gateway/pipeline.ts";
import { refuse } from "./field-faults.ts";
import type { TestOrder } from "./test-request.ts";

/** With which key a call is tried out. */
export interface ChosenKey {
  /** What the call shows; null for no key. */
  readonly shown: string | null;
  /** The rules for that call alone. */
  among(rules: GatewayRules): GatewayRules;
}

/**
 * Of a key that is chosen by its id, and of the master key, nobody knows the text: a token in their place is good for
 * one call, and goes upstream as little as they do. Throws `request_invalid` for an id that no key has.
 */
export function choose(chosen: NonNullable<TestOrder["key"]>, book: KeyBook): ChosenKey {
  if (chosen.kind === "none") return { shown: null, among: (rules) => rules };
  if (chosen.kind === "text") return { shown: chosen.key, among: (rules) => rules };
  const token = newKey();
  if (chosen.kind === "master") return { shown: token, among: (rules) => asMaster(rules, token) };
  const { id } = chosen;
  if (book.key(id) === null) throw refuse(["key: there is no key with this id."]);
  const found = () => book.key(id) ?? "revoked";
  return {
    shown: token,
    among: (rules) => {
      const keys = withToken(rules.keys.keys, token, found);
      return { ...rules, keys: { ...rules.keys, keys }, scrub: { ...rules.scrub, keys } };
    },
  };
}

/** Where there is no master key there is none to call with. */
function asMaster(rules: GatewayRules, token: string): GatewayRules {
  if (rules.keys.masterKey === null) return rules;
  return {
    ...rules,
    keys: { ...rules.keys, masterKey: new KeySecret(token) },
    scrub: { ...rules.scrub, keys: withToken(rules.scrub.keys, token, () => "revoked") },
  };
}

function withToken(keys: Keys, token: string, found: () => FoundKey): Keys {
  return {
    find: (shown) => (shown === token ? found() : keys.find(shown)),
    team: (id) => keys.team(id),
  };
}
