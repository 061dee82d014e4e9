import { Kind, type TSchema } from "@sinclair/typebox";
import type { KeyPath } from "./findings.ts";
import { isRecord, propertyOf } from "./walk.ts";

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
 * A copy of `value` in which a key without a value counts as absent, and YAML 1.1's unquoted booleans (`yes`, `off`, …)
 * are booleans wherever the schema means one, as LiteLLM's parser reads them.
 */
export function normalise(
  value: unknown,
  schema: TSchema | null,
  isPlain: (path: KeyPath) => boolean,
  path: KeyPath = [],
): unknown {
  if (Array.isArray(value)) {
    const items = schema?.[Kind] === "Array" ? (schema["items"] as TSchema) : null;
    return value.map((item, index) => normalise(item, items, isPlain, [...path, index]));
  }
  if (isRecord(value)) {
    const copy: Record<string, unknown> = Object.create(null);
    for (const [key, child] of Object.entries(value)) {
      if (child === null || child === undefined) continue;
      const childSchema = schema === null ? null : propertyOf(schema, key);
      copy[key] = normalise(child, childSchema, isPlain, [...path, key]);
    }
    return copy;
  }
  if (typeof value === "string" && schema?.[Kind] === "Boolean" && isPlain(path)) {
    return yaml11Booleans[value.toLowerCase()] ?? value;
  }
  return value;
}
