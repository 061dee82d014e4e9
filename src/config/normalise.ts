import { Kind, type TSchema } from "@sinclair/typebox";
import type { KeyPath } from "./findings.ts";
import { isRecord, itemOf } from "./walk.ts";

const yaml11Booleans: Readonly<Record<string, boolean>> = {
  yes: true,
  y: true,
  on: true,
  true: true,
  no: false,
  n: false,
  off: false,
  false: false,
};

/**
 * A copy of `value` in which a key without a value counts as absent. Unquoted values are read as the schema means them:
 * YAML 1.1's booleans (`yes`, `off`, …) where it wants a boolean, as LiteLLM's parser reads them, and where it wants a plain value
 * the text as it is written (`2.10` stays that, and does not become 2.1).
 */
export function normalise(
  value: unknown,
  schema: TSchema | null,
  plain: (path: KeyPath) => string | null,
  path: KeyPath = [],
): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      normalise(item, itemOf(schema, index), plain, [...path, index]),
    );
  }
  if (isRecord(value)) {
    const copy: Record<string, unknown> = Object.create(null);
    for (const [key, child] of Object.entries(value)) {
      if (child === null || child === undefined) continue;
      copy[key] = normalise(child, itemOf(schema, key), plain, [...path, key]);
    }
    return copy;
  }
  const meansBoolean = schema?.[Kind] === "Boolean" || schema?.notYet !== undefined;
  if (meansBoolean && typeof value === "string") {
    const word = plain(path) === null ? "" : value.toLowerCase();
    return Object.hasOwn(yaml11Booleans, word) ? yaml11Booleans[word] : value;
  }
  if (schema?.[Kind] === "Union" && typeof value !== "string") return plain(path) ?? value;
  return value;
}
