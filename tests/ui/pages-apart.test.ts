import { expect, test } from "bun:test";
import { join } from "node:path";

const pages = join(import.meta.dir, "../../src/ui/pages");

/** A team's page has its keys, with all that the page of keys does with them. */
const allowed = new Set(["teams -> keys"]);

test("what two pages need lies outside of both", async () => {
  const strange: string[] = [];
  for await (const file of new Bun.Glob("*/*.{ts,tsx}").scan(pages)) {
    const [page = ""] = file.split("/");
    const text = await Bun.file(join(pages, file)).text();
    for (const [, other = ""] of text.matchAll(/"\.\.\/([a-z-]+)\/[^"]+"/g)) {
      if (!allowed.has(`${page} -> ${other}`)) strange.push(`${file} -> ${other}`);
    }
  }

  expect(strange).toEqual([]);
});
