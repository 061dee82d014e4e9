import type { ListedModel } from "../core/metering-settings.ts";
import { type Finding, type KeyPath, warning } from "./findings.ts";
import { nearest } from "./nearest.ts";
import { isRecord } from "./walk.ts";

/** `model_list`, as far as prices go. */
export interface CompiledModels {
  readonly models: readonly ListedModel[];
  readonly findings: readonly Finding[];
  /** Says of a price of one of `models`, by its place there and its key, that it does not count. */
  wrongPrice(model: number, key: string, message: string): Finding;
}

/** Entries as they stand in the file: their credentials are neither looked up nor kept. */
export function compileModels(entries: readonly unknown[]): CompiledModels {
  const listed: Listed[] = [];
  const findings: Finding[] = [];
  entries.forEach((entry, index) => {
    const path = ["model_list", index];
    const name = isRecord(entry) ? entry["model_name"] : undefined;
    if (isRecord(entry) && typeof name === "string" && name !== "") {
      findings.push(...misspelt(entry, path));
      listed.push(listedModel(name, entry, path));
    } else {
      const message = "this entry has no model_name: nothing of it counts";
      findings.push(warning(path, message, "Give it a model_name.", "ignored"));
    }
  });
  if (entries.length > 0) {
    const message = "not in this version: Deployments, for adapters and provider routes";
    const remedy = "Prices in model_info count, nothing else of it has an effect.";
    findings.push(warning(["model_list"], message, remedy, "not yet"));
  }
  return {
    models: listed.map(({ model }) => model),
    findings,
    wrongPrice(model, key, message) {
      const place = listed[model]?.places.get(key) ?? ["model_list"];
      return warning(place, message, "The key has no effect.", "ignored");
    },
  };
}

interface Listed {
  readonly model: ListedModel;
  /** Where each key of its `info` stands. */
  readonly places: ReadonlyMap<string, KeyPath>;
}

/** What of `litellm_params` is `model_info` too, and wins over it, as with LiteLLM. */
const infoInParams = /(?:^|_)cost(?:_|$)|^base_model$/;

function listedModel(
  name: string,
  entry: Readonly<Record<string, unknown>>,
  path: KeyPath,
): Listed {
  const { litellm_params: params, model_info: own } = entry;
  const info: Record<string, unknown> = Object.create(null);
  const places = new Map<string, KeyPath>();
  const take = (part: unknown, partName: string, wanted: RegExp) => {
    for (const [key, value] of Object.entries(isRecord(part) ? part : {})) {
      if (!wanted.test(key)) continue;
      info[key] = value;
      places.set(key, [...path, partName, key]);
    }
  };
  take(own, "model_info", /^/);
  take(params, "litellm_params", infoInParams);
  const model = isRecord(params) ? params["model"] : null;
  const named = typeof model === "string" && model !== "" ? model : null;
  return { model: { name, model: named, info }, places };
}

const parts = ["model_name", "litellm_params", "model_info"];

function misspelt(entry: Readonly<Record<string, unknown>>, path: KeyPath): Finding[] {
  return Object.keys(entry).flatMap((key) => {
    const meant = parts.includes(key) ? null : nearest(key, parts);
    if (meant === null || Object.hasOwn(entry, meant)) return [];
    const message = "nobody reads this key";
    return [warning([...path, key], message, `Did you mean ${meant}?`, "ignored")];
  });
}
