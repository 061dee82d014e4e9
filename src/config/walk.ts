import { Kind, type TObject, type TSchema } from "@sinclair/typebox";
import type { KeyPath } from "./findings.ts";

/** Whether a value is a map with string keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The schema of a map whose keys it names; of a key with a short form too that of the long one. */
export function mapOf(schema: TSchema): TObject | null {
  return namesItsKeys(schema) ? schema : (schema.form ?? null);
}

function namesItsKeys(schema: TSchema): schema is TObject {
  return schema[Kind] === "Object";
}

/** The schema of a map's key, or null where the schema does not name it. */
export function propertyOf(schema: TSchema, key: string): TSchema | null {
  const properties = mapOf(schema)?.properties ?? {};
  return Object.hasOwn(properties, key) ? (properties[key] ?? null) : null;
}

/** The schema of a list's item, a map's key, or a key of a map whose names are free; null where there is none. */
export function itemOf(schema: TSchema | null, part: string | number): TSchema | null {
  if (schema === null) return null;
  if (typeof part === "number") return schema[Kind] === "Array" ? schema["items"] : null;
  if (schema[Kind] !== "Record") return propertyOf(schema, part);
  const patterns: Record<string, TSchema> = schema["patternProperties"];
  return Object.values(patterns)[0] ?? null;
}

/** The value at a path, or undefined. Only what a map itself holds counts: `constructor` is a key like any other. */
export function valueAt(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((at, part) => {
    if (Array.isArray(at)) return at[Number(part)];
    return isRecord(at) && Object.hasOwn(at, part) ? at[part] : undefined;
  }, value);
}

/** Visits every value that the schema describes, parents first, as `visit(value, schema, path)`. */
export function walk(
  value: unknown,
  schema: TSchema,
  visit: (value: unknown, schema: TSchema, path: KeyPath) => void,
  path: KeyPath = [],
): void {
  visit(value, schema, path);
  const children: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : isRecord(value)
      ? Object.entries(value)
      : [];
  for (const [part, child] of children) {
    const childSchema = itemOf(schema, part);
    if (childSchema !== null) walk(child, childSchema, visit, [...path, part]);
  }
}
