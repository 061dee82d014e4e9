import { Kind, type TSchema } from "@sinclair/typebox";
import { type Finding, fault, type KeyPath, keyOf, warning } from "./findings.ts";
import { knownToLitellm } from "./litellm-keys.ts";
import { nearest } from "./nearest.ts";
import { isRecord, propertyOf, walk } from "./walk.ts";

/**
 * One finding for each key that the schema does not name: LiteLLM's own are said to mean nothing here, others get a
 * suggestion. A misspelling of a key that protects something is a fault: without it the thing would stand open.
 */
export function findUnknownKeys(value: unknown, schema: TSchema): Finding[] {
  const findings: Finding[] = [];
  walk(value, schema, (item, itemSchema, path) => {
    if (itemSchema[Kind] !== "Object" || !isRecord(item)) return;
    const names = Object.keys(itemSchema["properties"]);
    for (const key of Object.keys(item)) {
      if (!names.includes(key)) findings.push(describe([...path, key], key, names, itemSchema));
    }
  });
  return findings;
}

function describe(path: KeyPath, key: string, names: string[], schema: TSchema): Finding {
  if (knownToLitellm(path)) {
    return warning(path, "this key of LiteLLM's means nothing here", "It is ignored.");
  }
  const meant = nearest(key, names);
  if (meant === null) {
    const parent = keyOf(path.slice(0, -1));
    const where = parent === "" ? "at the top level" : `in ${parent}`;
    return warning(
      path,
      "nobody reads this key",
      `It is ignored; see the keys ${where} in README.`,
    );
  }
  if (propertyOf(schema, meant)?.protects === true) {
    return fault(
      path,
      "nobody reads this key, and the one it resembles protects something",
      `Did you mean ${meant}?`,
    );
  }
  return warning(path, "nobody reads this key", `Did you mean ${meant}?`);
}
