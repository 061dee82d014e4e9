import { expect, test } from "bun:test";
import { join } from "node:path";
import manifest from "../../node_modules/@pydantic/genai-prices/package.json";
import project from "../../package.json";
import {
  catalogueAge,
  catalogueDate,
  catalogueVersion,
  loadCatalogue,
} from "../../src/pricing/catalogue.ts";
import { remembered } from "../../src/pricing/remembered.ts";
import { day } from "./priced.ts";

test("the catalogue's version and date are those of the pinned package", async () => {
  const catalogue = await loadCatalogue();
  const starts = (catalogue?.providers ?? []).flatMap(({ models }) =>
    models.flatMap(({ prices }) =>
      Array.isArray(prices)
        ? prices.flatMap(({ constraint }) =>
            constraint?.type === "start_date" ? [constraint.start_date] : [],
          )
        : [],
    ),
  );
  const newest =
    starts
      .filter((date) => date < "2026-12")
      .sort()
      .at(-1) ?? "";

  expect(project.dependencies["@pydantic/genai-prices"]).toBe(catalogueVersion);
  expect(manifest.version).toBe(catalogueVersion);
  expect(newest <= catalogueDate).toBe(true);
  expect(catalogueAge(Date.parse(catalogueDate) + 86_400_000 * 3.5)).toBe(3);
  expect(catalogueAge(0)).toBe(0);
});

test("a price is a promise until the catalogue is read, and none afterwards; nobody asks for what is not needed", async () => {
  const script = `
    import { createPrices } from "./src/pricing/prices.ts";
    import { catalogue } from "./src/pricing/catalogue.ts";
    import { modelPricesOf } from "./src/pricing/model-prices.ts";
    const models = modelPricesOf([]).prices;
    const own = createPrices({ route: { pages: 0.001 }, models });
    const prices = createPrices({ route: null, models });
    const call = { provider: "openai", model: "gpt-4o", usage: { input: 1 }, at: ${day} };
    const paged = own.price({ ...call, usage: { pages: 1 } });
    const before = catalogue();
    const first = prices.price(call);
    const awaited = await first;
    console.log(JSON.stringify([paged, before, first instanceof Promise, awaited, prices.price(call)]));
  `;
  const child = Bun.spawnSync([process.execPath, "-e", script], {
    cwd: join(import.meta.dir, "../.."),
  });

  const price = { nanoUsd: 2500, source: "openai/gpt-4o" };
  expect(JSON.parse(child.stdout.toString())).toEqual([
    { nanoUsd: 1_000_000, source: "route" },
    null,
    true,
    price,
    price,
  ]);
});

test("names that clients make up are forgotten again, long ones are not even looked for", () => {
  const asked: string[] = [];
  const find = remembered((provider, model) => {
    asked.push(`${provider} ${model}`);
    return model.length;
  }, -1);

  for (const name of ["gpt", "gpt", "gpt"]) find("openai", name);
  find(null, "gpt");
  const before = asked.length;
  for (let index = 0; index < 10_000; index++) find("openai", `made up ${index}`);
  const again = find("openai", "gpt");

  expect(asked.slice(0, before)).toEqual(["openai gpt", "null gpt"]);
  expect(again).toBe(3);
  expect(asked.filter((name) => name === "openai gpt").length).toBe(2);
  expect(find("openai", "x".repeat(257))).toBe(-1);
  expect(asked.at(-1)).toBe("openai gpt");
});
