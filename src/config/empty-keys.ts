import { Kind } from "@sinclair/typebox";
import { type Finding, warning } from "./findings.ts";
import { Config } from "./schema.ts";
import { isRecord, itemOf, walk } from "./walk.ts";

/**
 * Keys without a value count as absent. That is told where it is likely a mistake that matters: a key that protects something,
 * a header, a required key.
 */
export function findEmptyKeys(value: unknown): Finding[] {
  const findings: Finding[] = [];
  walk(value, Config, (item, schema, path) => {
    if (!isRecord(item)) return;
    for (const [key, child] of Object.entries(item)) {
      if (child !== null) continue;
      const matters = itemOf(schema, key)?.protects === true || schema[Kind] === "Record";
      if (!matters) continue;
      const message = "this key has no value";
      findings.push(warning([...path, key], message, "It counts as absent.", "ignored"));
    }
  });
  return findings;
}
