import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { buildPage } from "../src/build-page.ts";
import { manifestName } from "../src/page-files.ts";

/** How large the page is. Bytes. */
export interface PageSizes {
  /** Of what a browser fetches before it shows anything, in brotli. */
  readonly first: number;
  /** Of everything, in brotli where there is that. */
  readonly all: number;
}

/** Builds the page into a folder, which is emptied before: each text also compressed as far as it goes. */
export async function writePage(folder: string): Promise<PageSizes> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { files, ...parts } = await buildPage();
  const first = new Set([parts.entry, ...parts.styles, ...parts.preloads]);
  const sizes = { first: 0, all: 0 };
  const listed = files.map(({ name, type, isText, bytes }) => {
    const coded = isText ? codedForms(bytes) : [];
    writeFileSync(join(folder, name), bytes);
    for (const [coding, form] of coded) writeFileSync(join(folder, `${name}.${coding}`), form);
    const size = coded[0]?.[1].length ?? bytes.length;
    sizes.all += size;
    if (first.has(name)) sizes.first += size;
    return { name, type, codings: coded.map(([coding]) => coding) };
  });
  writeFileSync(join(folder, manifestName), JSON.stringify({ ...parts, files: listed }));
  return sizes;
}

/** The best first; without those that are no smaller. */
function codedForms(bytes: Uint8Array): (readonly [coding: string, form: Uint8Array])[] {
  const best = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const forms = [
    ["br", brotliCompressSync(bytes, { params: best })],
    ["gzip", gzipSync(bytes, { level: 9 })],
  ] as const;
  return forms.filter(([, form]) => form.length < bytes.length);
}
