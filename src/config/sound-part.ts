import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { Endpoint } from "./endpoint-schema.ts";
import type { KeyPath } from "./findings.ts";
import { GeneralSettings } from "./general-schema.ts";
import { LitellmSettings } from "./litellm-schema.ts";
import { isRecord, propertyOf, valueAt } from "./walk.ts";

/** An endpoint that can be read. */
export interface LoadedEndpoint {
  readonly endpoint: Endpoint;
  readonly owner: "config" | "api";
  /** It is about to be stored: what is unsafe is refused. One that is there already does not keep the gateway from starting. */
  readonly isBeingStored: boolean;
  readonly path: KeyPath;
  /** As the file has it, references and all: what people may be shown. */
  readonly writtenTarget: string;
  /** Keys of it were left out because they are of another kind: only its faults are worth telling. */
  readonly partial: boolean;
  /** Variables of `enabled_if` that are not set; empty where it is on. */
  readonly unset: readonly string[];
}

/** What of a config is of the right kind, so that it can be checked further while other things are wrong. */
export interface SoundPart {
  readonly general: GeneralSettings;
  readonly litellm: LitellmSettings;
  readonly endpoints: readonly LoadedEndpoint[];
  /** Entries of `model_list`, whatever they are. */
  readonly models: readonly unknown[];
}

const list: KeyPath = ["general_settings", "pass_through_endpoints"];

/** `raw` is the value before its references were replaced. */
export function soundPart(
  value: unknown,
  raw: unknown,
  off: ReadonlyMap<number, readonly string[]>,
): SoundPart {
  const general = pick(valueAt(value, ["general_settings"]), GeneralSettings);
  delete general["pass_through_endpoints"];
  const litellm = pick(valueAt(value, ["litellm_settings"]), LitellmSettings);
  const items = valueAt(value, list);
  const endpoints = (Array.isArray(items) ? items : []).flatMap(
    (item: unknown, index): LoadedEndpoint[] => {
      const partial = !Value.Check(Endpoint, item);
      const endpoint = partial ? pick(item, Endpoint) : item;
      if (!Value.Check(Endpoint, endpoint)) return [];
      const path = [...list, index];
      const writtenTarget = String(valueAt(raw, [...path, "target"]));
      const unset = off.get(index) ?? [];
      return [
        { endpoint, owner: "config", isBeingStored: false, path, writtenTarget, partial, unset },
      ];
    },
  );
  const models = valueAt(value, ["model_list"]);
  return {
    general: Value.Check(GeneralSettings, general) ? general : {},
    litellm: Value.Check(LitellmSettings, litellm) ? litellm : {},
    endpoints,
    models: Array.isArray(models) ? models : [],
  };
}

function pick(value: unknown, schema: TSchema): Record<string, unknown> {
  const picked: Record<string, unknown> = Object.create(null);
  if (!isRecord(value)) return picked;
  for (const [key, child] of Object.entries(value)) {
    const childSchema = propertyOf(schema, key);
    if (childSchema !== null && Value.Check(childSchema, child)) picked[key] = child;
  }
  return picked;
}
