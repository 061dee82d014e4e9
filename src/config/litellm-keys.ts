import { type KeyPath, keyOf } from "./findings.ts";

/** Keys of LiteLLM's that mean nothing here, where nothing needs to be guessed about them. */
const known: ReadonlySet<string> = new Set(["router_settings"]);

/** Whether LiteLLM reads this key. */
export function knownToLitellm(path: KeyPath): boolean {
  return known.has(keyOf(path));
}
