import { Kind, type TSchema } from "@sinclair/typebox";
import type { KeyPath } from "./findings.ts";

/** Whether a value is a map with string keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The schema of a map's key, or null where the schema does not name it. */
export function propertyOf(schema: TSchema, key: string): TSchema | null {
  if (schema[Kind] !== "Object") return null;
  const properties: Record<string, TSchema> = schema["properties"];
  return Object.hasOwn(properties, key) ? (properties[key] ?? null) : null;
}

/** Visits every value that the schema describes, parents first, as `visit(value, schema, path)`. */
export function walk(
  value: unknown,
  schema: TSchema,
  visit: (value: unknown, schema: TSchema, path: KeyPath) => void,
  path: KeyPath = [],
): void {
  visit(value, schema, path);
  if (Array.isArray(value) && schema[Kind] === "Array") {
    value.forEach((item, index) => walk(item, schema["items"], visit, [...path, index]));
  }
  if (!isRecord(value)) return;
  for (const [key, child] of Object.entries(value)) {
    const childSchema = propertyOf(schema, key);
    if (childSchema !== null) walk(child, childSchema, visit, [...path, key]);
  }
}
