import { Kind, type TSchema } from "@sinclair/typebox";
import { Value, type ValueError } from "@sinclair/typebox/value";
import { type Finding, fault, type KeyPath, keyOf } from "./findings.ts";
import { Config } from "./schema.ts";
import { isRecord, walk } from "./walk.ts";

/** What is of another kind or form than its key means; one fault a key. Values are never told: any may be a secret. */
export function schemaFaults(value: unknown, skip: ReadonlySet<string>): Finding[] {
  const seen = new Set<string>(skip);
  const findings: Finding[] = [];
  const check = (schema: TSchema, part: unknown, place: KeyPath) => {
    for (const error of Value.Errors(schema, part)) {
      const path = [...place, ...pathOf(error)];
      const key = keyOf(path);
      if (seen.has(key)) continue;
      seen.add(key);
      findings.push(fault(path, wrong(error), remedy(error)));
    }
  };
  check(Config, value, []);
  walk(value, Config, (part, { form }, path) => {
    if (form !== undefined && isRecord(part)) check(form, part, path);
  });
  return findings;
}

function pathOf({ path }: ValueError): KeyPath {
  const parts = path.split("/").slice(1);
  return parts.map((part) => {
    const text = part.replaceAll("~1", "/").replaceAll("~0", "~");
    return /^\d+$/.test(text) ? Number(text) : text;
  });
}

function wrong({ value, schema }: ValueError): string {
  if (value === undefined) return "this key is missing";
  const found = kindOf(value);
  const kind = schema[Kind];
  if (kind === "Boolean") return `true or false is meant, without quotes; not ${found}`;
  if (kind === "Literal") return `${JSON.stringify(schema["const"])} is meant, nothing else`;
  const meant = expected(schema);
  return meant.startsWith(found) ? `${meant} is meant` : `${meant} is meant; not ${found}`;
}

function remedy({ value, schema }: ValueError): string {
  const plain = schema[Kind] === "String" && ["number", "boolean"].includes(typeof value);
  const quotes = plain && new RegExp(schema["pattern"] ?? "").test(String(value));
  return `${quotes ? "Put it in quotes. " : ""}${schema.description ?? "See README."}`;
}

const names: Readonly<Record<string, string>> = {
  Array: "a list",
  Integer: "a whole number",
  Number: "a number",
  Object: "a map",
  Record: "a map",
  String: "a text",
  Union: "a plain value",
};

function expected(schema: TSchema): string {
  const name = names[schema[Kind]] ?? "another value";
  const { exclusiveMinimum, minimum, maximum, pattern, minItems, minLength } = schema;
  const most = maximum === undefined ? "" : ` and at most ${maximum}`;
  if (exclusiveMinimum !== undefined) return `${name} above ${exclusiveMinimum}${most}`;
  if (minimum !== undefined) return `${name} of at least ${minimum}${most}`;
  if (minItems !== undefined) return `${name} that is not empty`;
  if (pattern?.startsWith("^/[^?#")) return `${name} that begins with /, without ?, # and blanks,`;
  if (pattern !== undefined) return `${name} of another form`;
  return minLength === undefined ? name : `${name} that is not empty`;
}

function kindOf(value: unknown): string {
  if (typeof value === "string") return "a text";
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return "a list";
  return isRecord(value) ? "a map" : "a number";
}
