import { Kind, type TSchema } from "@sinclair/typebox";
import { Value, type ValueError } from "@sinclair/typebox/value";
import { readYaml } from "./document.ts";
import { type Finding, fault, formatFinding, type KeyPath, keyOf, warning } from "./findings.ts";
import { normalise } from "./normalise.ts";
import { Config } from "./schema.ts";
import { resolveReferences, type SecretSource } from "./secrets.ts";
import { findUnknownKeys } from "./unknown-keys.ts";
import { isRecord, walk } from "./walk.ts";

/** A config that was read, with all that there is to say about it. */
export interface LoadedConfig {
  readonly file: string;
  /** Null where a fault makes it unusable. */
  readonly config: Config | null;
  /** The plain value as it stands in the file, for reports. */
  readonly raw: unknown;
  readonly findings: readonly Finding[];
  /** Values that came from a reference, as `keyOf` names them. */
  readonly secretKeys: ReadonlySet<string>;
  /** Endpoints that are off, by index, and the variables of `enabled_if` that are not set. */
  readonly off: ReadonlyMap<number, readonly string[]>;
  /** One line for people, with file, line and column. */
  describe(finding: Finding): string;
}

/** Text → YAML → references → checked values. Never throws: every fault is a finding, all of them at once. */
export function loadConfig(text: string, file: string, source: SecretSource): LoadedConfig {
  const document = readYaml(text);
  const raw = normalise(document.value, Config, document.isPlain);
  const findings: Finding[] = [...document.findings];
  if (!isRecord(raw)) {
    findings.push(
      fault([], "a config is a map of settings", "See README for the first six lines."),
    );
  }
  const env = withOwnVariables(raw, source.env);
  const off = endpointsThatAreOff(raw, env);
  const secretKeys = new Set<string>();
  const resolved = resolveAll(raw, { env }, (path, missing) => {
    if (missing === null) secretKeys.add(keyOf(path));
    else if (!isOff(path, off)) findings.push(unresolved(path, missing));
  });
  findings.push(...schemaFaults(resolved), ...notYetServed(resolved));
  findings.push(...findUnknownKeys(resolved, Config));
  const usable = Value.Check(Config, resolved) && findings.every((f) => f.severity !== "fault");
  return {
    file,
    config: usable ? resolved : null,
    raw,
    findings,
    secretKeys,
    off,
    describe: (finding) => formatFinding(finding, file, document.locate(finding)),
  };
}

/** `environment_variables` are set as LiteLLM sets them: over those of the environment. */
function withOwnVariables(raw: unknown, env: SecretSource["env"]): SecretSource["env"] {
  const own = isRecord(raw) ? raw["environment_variables"] : undefined;
  if (!isRecord(own)) return env;
  const all = { ...env };
  for (const [name, value] of Object.entries(own)) {
    all[name] = resolveReferences(String(value), { env }).text;
  }
  return all;
}

function endpointsThatAreOff(
  raw: unknown,
  env: SecretSource["env"],
): ReadonlyMap<number, readonly string[]> {
  const off = new Map<number, readonly string[]>();
  const general = isRecord(raw) ? raw["general_settings"] : undefined;
  const endpoints = isRecord(general) ? general["pass_through_endpoints"] : undefined;
  if (!Array.isArray(endpoints)) return off;
  endpoints.forEach((endpoint: unknown, index) => {
    const condition = isRecord(endpoint) ? endpoint["enabled_if"] : undefined;
    if (typeof condition !== "string") return;
    const names = condition.split(",").map((name) => name.trim());
    const unset = names.filter((name) => (env[name] ?? "") === "");
    if (unset.length > 0) off.set(index, unset);
  });
  return off;
}

function isOff(path: KeyPath, off: ReadonlyMap<number, unknown>): boolean {
  const [, list, index] = path;
  return list === "pass_through_endpoints" && typeof index === "number" && off.has(index);
}

/** A copy with every reference of every text replaced. Tells `seen` of each text that holds one. */
function resolveAll(
  value: unknown,
  source: SecretSource,
  seen: (path: KeyPath, missing: readonly string[] | null) => void,
  path: KeyPath = [],
): unknown {
  if (typeof value === "string") {
    const { text, missing, secret } = resolveReferences(value, source);
    if (missing.length > 0) seen(path, missing);
    else if (secret) seen(path, null);
    return text;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => resolveAll(item, source, seen, [...path, index]));
  }
  if (!isRecord(value)) return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, child] of Object.entries(value)) {
    // What no key of ours reads is not resolved: LiteLLM's own settings may name what only it needs.
    copy[key] = isForOthers([...path, key])
      ? child
      : resolveAll(child, source, seen, [...path, key]);
  }
  return copy;
}

const forOthers = new Set([
  "model_list",
  "guardrails",
  "litellm_settings",
  "default_vertex_config",
  "router_settings",
  "general_settings.database_url",
  "general_settings.redis_url",
]);

function isForOthers(path: KeyPath): boolean {
  if (path.length === 1)
    return forOthers.has(keyOf(path)) || !Object.hasOwn(Config.properties, String(path[0]));
  return path.length === 2 && forOthers.has(keyOf(path));
}

function unresolved(path: KeyPath, missing: readonly string[]): Finding {
  return fault(
    path,
    `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not set`,
    "Set it, or give the endpoint an enabled_if.",
  );
}

function schemaFaults(value: unknown): Finding[] {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const error of Value.Errors(Config, value)) {
    const path = pathOf(error);
    const key = keyOf(path);
    if (seen.has(key)) continue;
    seen.add(key);
    findings.push(fault(path, wrong(error), error.schema.description ?? "See README."));
  }
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
  const kind = schema[Kind];
  if (kind === "Boolean") return `true or false is meant, without quotes; not ${show(value)}`;
  if (kind === "Literal") return `${JSON.stringify(schema["const"])} is meant; not ${show(value)}`;
  return `${expected(schema)} is meant; not ${show(value)}`;
}

function expected(schema: TSchema): string {
  const names: Record<string, string> = {
    Array: "a list",
    Integer: "a whole number",
    Number: "a number",
    Object: "a map",
    Record: "a map of plain values",
    String: "a text",
    Union: "a plain value",
  };
  const name = names[schema[Kind]] ?? "another value";
  if (schema["exclusiveMinimum"] !== undefined)
    return `${name} above ${schema["exclusiveMinimum"]}`;
  if (schema["minimum"] !== undefined) return `${name} of at least ${schema["minimum"]}`;
  if (schema["pattern"] !== undefined) return `${name} of another form`;
  return name;
}

/** A value's kind, and the value only where it can hardly be a secret. */
function show(value: unknown): string {
  if (typeof value === "string") return value.length <= 12 ? JSON.stringify(value) : "this text";
  if (Array.isArray(value)) return "a list";
  if (isRecord(value)) return "a map";
  return String(value);
}

function notYetServed(value: unknown): Finding[] {
  const findings: Finding[] = [];
  walk(value, Config, (item, schema, path) => {
    if (schema.notYet === undefined || isHarmless(item)) return;
    const what = (schema.description ?? "").replace(/\.$/, "");
    findings.push(
      schema.notYet === "refuse"
        ? fault(
            path,
            `not in this version: ${what}`,
            "Take the key out: nothing may pass unchecked.",
          )
        : warning(path, `not in this version: ${what}`, "The key has no effect."),
    );
  });
  return findings;
}

/** Says what is done anyway: nothing listed, nothing switched on. */
function isHarmless(value: unknown): boolean {
  return value === false || (Array.isArray(value) && value.length === 0);
}
