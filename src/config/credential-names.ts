import { Kind, type TSchema } from "@sinclair/typebox";
import type { LoadedConfig } from "./load.ts";
import { Config } from "./schema.ts";
import { type Env, resolveReferences, variable } from "./secrets.ts";
import { isRecord, itemOf, valueAt } from "./walk.ts";

/** An environment variable or a credential file that endpoints need. Never its value. */
export interface Credential {
  readonly name: string;
  readonly kind: "variable" | "file";
  /** It is there, and not empty. */
  readonly present: boolean;
  /** Paths of the endpoints that refer to it, or wait for it. */
  readonly endpoints: readonly string[];
}

/** All that the endpoints of a config refer to or wait for (`enabled_if`), by name. Files are looked at each time. */
export function credentialsOf(
  { raw, env }: Pick<LoadedConfig, "raw" | "env">,
  rootPath: string,
): Credential[] {
  const needed = new Map<string, Needed>();
  const own = valueAt(raw, ["environment_variables"]);
  const listPath = ["general_settings", "pass_through_endpoints"];
  const endpoints = valueAt(raw, listPath);
  const schema = listPath.reduce<TSchema | null>((at, part) => itemOf(at, part), Config);
  for (const endpoint of Array.isArray(endpoints) ? endpoints : []) {
    const path = `${rootPath}${String(valueAt(endpoint, ["path"]) ?? "")}`;
    for (const one of neededBy(endpoint, itemOf(schema, 0), isRecord(own) ? own : {})) {
      const known = needed.get(one.reference) ?? { ...one, endpoints: new Set<string>() };
      known.endpoints.add(path);
      needed.set(one.reference, known);
    }
  }
  return [...needed.values()]
    .map(({ reference, name, kind, endpoints: paths }) => {
      return { name, kind, present: isPresent(reference, env), endpoints: [...paths] };
    })
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}

interface Reference {
  /** As a config would write it: no two differ in form alone. */
  readonly reference: string;
  readonly name: string;
  readonly kind: "variable" | "file";
}

interface Needed extends Reference {
  readonly endpoints: Set<string>;
}

/** Those that an endpoint names, and what stands in the config's own variables among them. */
function neededBy(
  endpoint: unknown,
  schema: TSchema | null,
  own: Readonly<Record<string, unknown>>,
): Reference[] {
  const found = new Map<string, Reference>();
  const add = (one: Reference) => {
    if (found.has(one.reference)) return;
    found.set(one.reference, one);
    const value = one.kind === "variable" && Object.hasOwn(own, one.name) ? own[one.name] : null;
    if (typeof value === "string") referencesIn(value).forEach(add);
  };
  const condition = valueAt(endpoint, ["enabled_if"]);
  if (typeof condition === "string") {
    for (const name of condition.split(",").map((part) => part.trim())) {
      if (name !== "") add(variableOf(name));
    }
  }
  textsIn(endpoint, schema).flatMap(referencesIn).forEach(add);
  return [...found.values()];
}

/** Texts in which references are read: those that a key of ours takes. */
function textsIn(value: unknown, schema: TSchema | null): string[] {
  if (schema === null || schema.notYet !== undefined) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => textsIn(item, itemOf(schema, index)));
  }
  if (isRecord(value)) {
    return Object.entries(value).flatMap(([key, child]) => textsIn(child, itemOf(schema, key)));
  }
  const holdsText = schema[Kind] === "String" || schema[Kind] === "Union";
  return typeof value === "string" && holdsText ? [value] : [];
}

/** Where nothing is set all references of a text are missing. */
function referencesIn(text: string): Reference[] {
  return resolveReferences(text, { env: {} }).missing.flatMap((written) => {
    const name = written.replace(/^(?:os\.environ|cred)\//, "").replace(/^\{(.*)\}$/s, "$1");
    if (name === "") return [];
    return written.startsWith("cred/")
      ? [{ reference: `cred/{${name}}`, name, kind: "file" as const }]
      : [variableOf(name)];
  });
}

function variableOf(name: string): Reference {
  return { reference: name, name, kind: "variable" };
}

function isPresent(reference: string, env: Env): boolean {
  if (!reference.startsWith("cred/")) return variable(env, reference) !== null;
  return resolveReferences(reference, { env }).missing.length === 0;
}
