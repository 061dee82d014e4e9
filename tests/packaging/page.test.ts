import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { writePage } from "../../packaging/page.ts";
import { manifestName, openPageFiles } from "../../src/page-files.ts";
import { temporaryFolder } from "../process/program.ts";

test("an executable carries the very files that are served from source, compressed as far as it goes", async () => {
  using folder = temporaryFolder();
  const out = folder.file("page");

  const sizes = await writePage(out);
  const fromSource = await openPageFiles();

  const names = readdirSync(out).filter((name) => name !== manifestName);
  const plain = names.filter((name) => !/\.(?:br|gzip)$/.test(name));
  expect(plain).toContain(fromSource.entry);
  expect(plain).toContain(fromSource.icon);
  for (const name of plain) {
    const bytes = readFileSync(folder.file(`page/${name}`));
    const served = fromSource.file(name)?.plain;
    expect(served instanceof Uint8Array && bytes.equals(served)).toBe(true);
    for (const [coding, decode] of [
      ["br", brotliDecompressSync] as const,
      ["gzip", gunzipSync] as const,
    ]) {
      if (!names.includes(`${name}.${coding}`)) continue;
      const coded = readFileSync(folder.file(`page/${name}.${coding}`));
      expect(coded.length).toBeLessThan(bytes.length);
      expect(decode(coded).equals(bytes)).toBe(true);
    }
  }
  expect(names).toContain(`${fromSource.entry}.br`);
  expect(names.filter((name) => name.includes(".map"))).toEqual([]);
  expect(sizes.first).toBeLessThanOrEqual(150_000);
  expect(sizes.all).toBeGreaterThanOrEqual(sizes.first);
});

test("a folder that is written again holds nothing of before, and the same files", async () => {
  using folder = temporaryFolder();
  const out = folder.file("page");
  const all = () =>
    readdirSync(out).map((name) => [name, Bun.hash(readFileSync(`${out}/${name}`))]);

  await writePage(out);
  const first = all();
  await Bun.write(`${out}/left.js`, "left from before");
  await writePage(out);

  expect(all()).toEqual(first);
});
