import type { ModelInfo, Provider } from "@pydantic/genai-prices";
import { type Entry, entryOf } from "./catalogue-rates.ts";
import { modelNames, prefixOf } from "./model-names.ts";
import { catalogueName } from "./provider-names.ts";
import { emptyCard, layered } from "./rates.ts";
import { remembered } from "./remembered.ts";
import { supplementFor } from "./supplement.ts";

/** The prices of the pinned package: its data carries no date, so that of its publication stands for it. */
export const catalogueVersion = "0.1.8";
export const catalogueDate = "2026-09-23";

/** Whole days since the catalogue was made. */
export function catalogueAge(now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(catalogueDate)) / 86_400_000));
}

/** The catalogue with our supplement below it. */
export interface Catalogue {
  /** By the provider's own prices alone; with none named, by the model. An entry without cards where there is none. */
  find(provider: string | null, model: string): Entry;
  readonly providers: readonly Provider[];
}

type Library = typeof import("@pydantic/genai-prices");

const nothing: Entry = { source: "", cards: [emptyCard], cardAt: () => 0 };

/** Null until `loadCatalogue` is done, and for good where that failed. */
let loaded: Catalogue | null = null;
let loading: Promise<Catalogue | null> | null = null;

export function catalogue(): Catalogue | null {
  return loaded;
}

/** Read once per process, on first use: it is large. Never rejects; null where it cannot be read. */
export function loadCatalogue(): Promise<Catalogue | null> {
  loading ??= import("@pydantic/genai-prices")
    .then(async (library) => {
      loaded = catalogueOf(library, (await library.waitForUpdate()) ?? []);
      return loaded;
    })
    .catch(() => null);
  return loading;
}

function catalogueOf(library: Library, providers: readonly Provider[]): Catalogue {
  const sources = { library, providers, entries: new Map<string, Entry>() };
  return {
    providers,
    find: remembered((provider, model) => entryFor(sources, provider, model), nothing),
  };
}

interface Sources {
  readonly library: Library;
  readonly providers: readonly Provider[];
  /** Made so far, by source: as many as there are models. */
  readonly entries: Map<string, Entry>;
}

function entryFor(sources: Sources, provider: string | null, model: string): Entry {
  const id = catalogueName(provider) ?? prefixProvider(sources, model);
  const names = modelNames(model);
  const card = supplementFor(id, names);
  const match = matchFor(sources, id, names);
  if (match === null && card === null) return nothing;
  const source = match === null ? "" : `${match.provider.id}/${match.model.id}`;
  const key = `${source} ${card?.charged[0]?.rate.source ?? ""}`;
  const made = sources.entries.get(key);
  if (made !== undefined) return made;
  const own = match === null ? nothing : entryOf(match.provider, match.model);
  const entry: Entry = {
    source: own.source || (card?.charged[0]?.rate.source ?? ""),
    cards: card === null ? own.cards : own.cards.map((one) => layered(one, card)),
    cardAt: own.cardAt,
  };
  sources.entries.set(key, entry);
  return entry;
}

/** `openai` of `openai/gpt-4o`, where that is a provider. */
function prefixProvider({ providers }: Sources, model: string): string | null {
  const name = catalogueName(prefixOf(model));
  return providers.some(({ id }) => id === name) ? name : null;
}

/** The library's own matching, over each of a model's names. */
function matchFor(
  { library, providers }: Sources,
  id: string | null,
  names: readonly string[],
): { readonly provider: Provider; readonly model: ModelInfo } | null {
  if (id !== null && !providers.some((one) => one.id === id)) return null;
  try {
    for (const name of names) {
      const match = library.calcPrice({}, name, id === null ? {} : { providerId: id });
      if (match !== null) return match;
    }
  } catch {
    // An entry that the library itself refuses is none.
  }
  return null;
}
