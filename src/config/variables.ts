import { type Finding, warning } from "./findings.ts";
import { type Env, resolveReferences, variable } from "./secrets.ts";
import { isRecord, valueAt } from "./walk.ts";

/** The variables that a config's references may name. */
export interface Variables {
  readonly env: Env;
  readonly findings: readonly Finding[];
}

/**
 * `environment_variables` count over those of the environment, as LiteLLM sets them: from top to bottom, so that one may refer
 * to those above it. One whose own reference leads nowhere stays as it was.
 */
export function withOwnVariables(raw: unknown, outer: Env): Variables {
  const own = valueAt(raw, ["environment_variables"]);
  if (!isRecord(own)) return { env: outer, findings: [] };
  const env: Record<string, string | undefined> = Object.create(null);
  for (const [name, value] of Object.entries(outer)) env[name] = value;
  const findings: Finding[] = [];
  for (const [name, value] of Object.entries(own)) {
    if (typeof value === "object") continue;
    const { text, missing } = resolveReferences(String(value), { env });
    if (missing.length === 0) env[name] = text;
    else {
      const path = ["environment_variables", name];
      findings.push(warning(path, unresolvedMessage(missing), `${name} stays as it was.`));
    }
  }
  return { env, findings };
}

/** Names what is missing, never a value. */
export function unresolvedMessage(missing: readonly string[]): string {
  const unset = missing.filter((reference) => !reference.startsWith("cred/"));
  const unread = missing.filter((reference) => reference.startsWith("cred/"));
  const parts: string[] = [];
  const bare = unset.filter((reference) => reference !== "os.environ/");
  if (bare.length > 0) parts.push(`${bare.join(", ")} ${bare.length === 1 ? "is" : "are"} not set`);
  if (bare.length < unset.length) parts.push("os.environ/ stands here without a name");
  if (unread.length > 0) parts.push(`${unread.join(", ")} cannot be read`);
  return parts.join("; ");
}

/** Endpoints that are off, by index, and those variables of their `enabled_if` that are not set. */
export function endpointsThatAreOff(
  raw: unknown,
  env: Env,
): ReadonlyMap<number, readonly string[]> {
  const off = new Map<number, readonly string[]>();
  const endpoints = valueAt(raw, ["general_settings", "pass_through_endpoints"]);
  if (!Array.isArray(endpoints)) return off;
  endpoints.forEach((endpoint: unknown, index) => {
    const condition = valueAt(endpoint, ["enabled_if"]);
    if (typeof condition !== "string") return;
    const names = condition.split(",").map((name) => name.trim());
    const unset = names.filter((name) => name !== "" && variable(env, name) === null);
    if (unset.length > 0) off.set(index, unset);
  });
  return off;
}
