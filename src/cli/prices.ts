import { compileModels } from "../config/compile-models.ts";
import { loadConfig } from "../config/load.ts";
import { nearest } from "../config/nearest.ts";
import { readText } from "../config/source.ts";
import {
  type Catalogue,
  catalogueAge,
  catalogueDate,
  catalogueVersion,
  loadCatalogue,
} from "../pricing/catalogue.ts";
import { modelPricesOf } from "../pricing/model-prices.ts";
import { createPrices } from "../pricing/prices.ts";
import type { Card } from "../pricing/rates.ts";
import { supplementNames } from "../pricing/supplement.ts";
import { tell } from "../process/tell.ts";
import { StartError } from "../process/start-error.ts";
import { type Command, configFlag, envFileFlag } from "./command.ts";
import { cardJson, cardTable, cardText } from "./price-table.ts";
import { readSettings } from "./settings.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

export const pricesCommand: Command = {
  name: "prices",
  about: "Tell what models cost, and where that is known from.",
  usage: "[model] [flags]",
  flags: [
    configFlag,
    envFileFlag,
    { name: "json", value: null, about: "Print it as JSON, in USD for one of each unit." },
  ],
  words: { what: "a model", least: 0, most: 1 },
  run: async ({ values }, [model]) => {
    const own = ownPrices(values);
    const catalogue = await loadCatalogue();
    if (catalogue === null) throw new StartError("The catalogue of prices cannot be read.");
    const isJson = values.has("json");
    if (model === undefined) {
      print(isJson ? overviewJson(own, catalogue) : overviewText(own, catalogue));
      return 0;
    }
    const found = await cardsFor(own, catalogue, model);
    if (found.length === 0) {
      tell(notFound(own, catalogue, model));
      return 1;
    }
    print(isJson ? found.map(cardJson) : found.map(cardTable).join("\n\n"));
    return 0;
  },
};

type Own = ReturnType<typeof ownPrices>;

/** The prices that a configuration names. Whatever else is wrong with it is for `tollgate check`. */
function ownPrices(values: ReadonlyMap<string, string>) {
  const { source, env } = readSettings(values);
  const read = readText(source);
  if ("fault" in read) throw new StartError(read.fault);
  const loaded = loadConfig(read.text, source.file, { env });
  const { prices } = modelPricesOf(compileModels(loaded.models).models);
  const routes = loaded.endpoints.flatMap(({ endpoint }) =>
    endpoint.prices === undefined ? [] : [{ path: endpoint.path, prices: endpoint.prices }],
  );
  return { file: source.file, models: prices, routes };
}

/** Under the name alone, or with its provider before it; else with each provider that has the name. */
async function cardsFor({ models }: Own, catalogue: Catalogue, asked: string) {
  const prices = createPrices({ route: null, models });
  const now = Date.now();
  const card = await prices.cardOf(null, asked, now);
  if (card.charged.length > 0) return [{ name: asked, card }];
  const cards: { name: string; card: Card }[] = [];
  for (const { id } of catalogue.providers) {
    const ofProvider = await prices.cardOf(id, asked, now);
    if (ofProvider.charged.length > 0) cards.push({ name: `${id}/${asked}`, card: ofProvider });
  }
  return cards;
}

function notFound({ models }: Own, catalogue: Catalogue, asked: string): string {
  const listed = catalogue.providers.flatMap((provider) =>
    provider.models.map(({ id }) => `${provider.id}/${id}`),
  );
  const names = [...models.all.map(({ name }) => name), ...listed, ...supplementNames()];
  const meant = nearest(asked, [...names, ...names.map(bare)]);
  const hint = meant === null ? "tollgate prices lists the providers." : `Did you mean ${meant}?`;
  return `No price is known for ${printable(asked)}. ${hint}`;
}

function bare(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

function overviewText({ file, models, routes }: Own, { providers }: Catalogue): string {
  const listed = models.all.map(({ name, card, baseModel }) => [
    name,
    card.charged.length === 0 ? `as ${baseModel}` : cardText(card),
  ]);
  const ofRoutes = routes.map(({ path, prices }) => [
    path,
    Object.entries(prices)
      .map(([unit, usd]) => `${unit} $${usd}`)
      .join(", "),
  ]);
  const counts = [...providers].map(({ id, models: all }) => [id, String(all.length)]);
  return [
    `Catalogue: ${catalogueName()}`,
    ...section(`Own prices of models (${file})`, listed),
    ...section(`Own prices of routes (${file}), for one of each`, ofRoutes),
    ...section("Providers in the catalogue", [["PROVIDER", "MODELS"], ...counts]),
    ...section(
      "Beside the catalogue",
      supplementNames().map((name) => [name]),
    ),
    "",
    "tollgate prices <model> tells what one costs.",
  ].join("\n");
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  const printed = rows.map((row) => row.map(printable));
  return rows.length === 0 ? [] : ["", title, ...table(printed).map((line) => `  ${line}`)];
}

function catalogueName(): string {
  const days = catalogueAge(Date.now());
  return `@pydantic/genai-prices ${catalogueVersion} of ${catalogueDate}, ${days} days old`;
}

function overviewJson({ models, routes }: Own, { providers }: Catalogue) {
  return {
    catalogue: {
      package: "@pydantic/genai-prices",
      version: catalogueVersion,
      date: catalogueDate,
      age_days: catalogueAge(Date.now()),
    },
    models: models.all.map(({ name, card, baseModel }) => ({
      ...cardJson({ name, card }),
      base_model: baseModel,
    })),
    routes: routes.map(({ path, prices }) => ({ path, prices })),
    providers: providers.map(({ id, models: all }) => ({ id, models: all.length })),
    supplement: supplementNames(),
  };
}

function print(what: unknown): void {
  const text = typeof what === "string" ? what : JSON.stringify(what, null, 2);
  process.stdout.write(`${text}\n`);
}
