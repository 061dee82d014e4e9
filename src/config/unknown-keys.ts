import type { TSchema } from "@sinclair/typebox";
import { Endpoint, EndpointTls } from "./endpoint-schema.ts";
import { type Finding, fault, type KeyPath, keyOf, warning } from "./findings.ts";
import { GeneralSettings } from "./general-schema.ts";
import { remedyForLitellmKey } from "./litellm-keys.ts";
import { LitellmSettings } from "./litellm-schema.ts";
import { nearest } from "./nearest.ts";
import { Config } from "./schema.ts";
import { isRecord, mapOf, propertyOf, walk } from "./walk.ts";

const nobody = "nobody reads this key";

/**
 * One finding for each key that the schema does not name: LiteLLM's own are said to mean nothing here, others get a
 * suggestion. A key that protects something, misspelt or in another place, is a fault: without it the thing would stand open.
 */
export function findUnknownKeys(value: unknown): Finding[] {
  const findings: Finding[] = [];
  walk(value, Config, (item, schema, path) => {
    const map = mapOf(schema);
    if (map === null || !isRecord(item)) return;
    const names = Object.keys(map.properties);
    for (const key of Object.keys(item)) {
      if (!names.includes(key)) findings.push(describe([...path, key], key, names, schema));
    }
  });
  return findings;
}

function describe(path: KeyPath, key: string, names: readonly string[], schema: TSchema): Finding {
  const litellm = remedyForLitellmKey(path);
  if (litellm !== null) {
    return warning(path, "this key of LiteLLM's means nothing here", litellm, "ignored");
  }
  const homes = placesOf(key);
  if (homes.length > 0) {
    const remedy = `It belongs into ${homes.map(({ name }) => name).join(" or ")}.`;
    return homes.some((home) => home.schema.protects === true)
      ? fault(path, `${nobody} here, and it protects something`, remedy, "ignored")
      : warning(path, `${nobody} here`, remedy, "ignored");
  }
  const meant = nearest(key, names);
  if (meant === null) {
    const parent = keyOf(path.slice(0, -1)).replace(/\[\d+\]/g, "[]");
    const where = parent === "" ? "at the top level" : `in ${parent}`;
    return warning(path, nobody, `It is ignored; see the keys ${where} in README.`, "ignored");
  }
  const remedy = `Did you mean ${meant}?`;
  return propertyOf(schema, meant)?.protects === true
    ? fault(path, `${nobody}, and the one it resembles protects something`, remedy, "ignored")
    : warning(path, nobody, remedy, "ignored");
}

const places: readonly (readonly [name: string, schema: TSchema])[] = [
  ["the top level", Config],
  ["general_settings", GeneralSettings],
  ["an endpoint of pass_through_endpoints", Endpoint],
  ["tls of an endpoint", EndpointTls],
  ["litellm_settings", LitellmSettings],
];

function placesOf(key: string): { readonly name: string; readonly schema: TSchema }[] {
  return places.flatMap(([name, section]) => {
    const schema = propertyOf(section, key);
    return schema === null ? [] : [{ name, schema }];
  });
}
