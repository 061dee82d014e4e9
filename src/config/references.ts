import { Kind, type TSchema } from "@sinclair/typebox";
import { type Finding, fault, type KeyPath, keyOf } from "./findings.ts";
import { Config } from "./schema.ts";
import { resolveReferences, type SecretSource } from "./secrets.ts";
import { unresolvedMessage } from "./variables.ts";
import { isRecord, itemOf } from "./walk.ts";

/** A config's plain value with its references replaced. */
export interface ResolvedValue {
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /** Values that came from a reference, as `keyOf` names them. */
  readonly secretKeys: ReadonlySet<string>;
  /** Values that still hold a reference which leads nowhere. */
  readonly unresolvedKeys: ReadonlySet<string>;
}

/**
 * Replaces the references of every text that a key of ours reads; LiteLLM's other settings may name what only LiteLLM needs.
 * One that leads nowhere is a fault, unless `isOff` says that its endpoint is off.
 */
export function resolveAll(
  raw: unknown,
  source: SecretSource,
  isOff: (path: KeyPath) => boolean,
): ResolvedValue {
  const findings: Finding[] = [];
  const secretKeys = new Set<string>();
  const unresolvedKeys = new Set<string>();
  const resolve = (value: unknown, schema: TSchema | null, path: KeyPath): unknown => {
    if (schema === null || schema.notYet !== undefined) return value;
    if (Array.isArray(value)) {
      return value.map((item, index) => resolve(item, itemOf(schema, index), [...path, index]));
    }
    if (isRecord(value)) {
      const copy: Record<string, unknown> = Object.create(null);
      for (const [key, child] of Object.entries(value)) {
        copy[key] = resolve(child, itemOf(schema, key), [...path, key]);
      }
      return copy;
    }
    if (typeof value !== "string" || !holdsText(schema)) return value;
    const { text, missing, secret } = resolveReferences(value, source);
    if (missing.length > 0) {
      unresolvedKeys.add(keyOf(path));
      if (!isOff(path) && path[0] !== "environment_variables") findings.push(unset(path, missing));
    } else if (secret) secretKeys.add(keyOf(path));
    return text;
  };
  return { value: resolve(raw, Config, []), findings, secretKeys, unresolvedKeys };
}

/** A secret must not turn up in the message about a number that is none. */
function holdsText(schema: TSchema): boolean {
  return schema[Kind] === "String" || schema[Kind] === "Union";
}

function unset(path: KeyPath, missing: readonly string[]): Finding {
  const inEndpoint = path[1] === "pass_through_endpoints";
  const remedy = missing.every((reference) => reference.startsWith("cred/"))
    ? "Put it into $CREDENTIALS_DIRECTORY (systemd: LoadCredential=)."
    : inEndpoint
      ? "Set it, or give the endpoint an enabled_if."
      : "Set it, or take the key out.";
  return fault(path, unresolvedMessage(missing), remedy);
}
