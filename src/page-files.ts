import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { PageBody, PageFile, PageFiles } from "./http/page.ts";

/** What lies beside the page's files in an executable: which they are. A coded one has its coding's name behind its own. */
export const PageManifest = Type.Object({
  entry: Type.String(),
  styles: Type.Array(Type.String()),
  preloads: Type.Array(Type.String()),
  icon: Type.String(),
  files: Type.Array(
    Type.Object({
      name: Type.String(),
      type: Type.String(),
      /** The best first. */
      codings: Type.Array(Type.String()),
    }),
  ),
});

/** The folder of the page's files in an executable, and the manifest in it. */
export const pageFolder = "page";
export const manifestName = "page.json";

let opened: Promise<PageFiles> | null = null;

/** The page: of this executable, or made from source now. Once for all listeners. */
export function openPageFiles(): Promise<PageFiles> {
  opened ??= (Bun.isStandaloneExecutable ? embedded() : fromSource()).catch((error: unknown) => {
    opened = null; // a source that is mended is built again
    throw error;
  });
  return opened;
}

/** The files stay where they are: no copy is held. */
async function embedded(): Promise<PageFiles> {
  const at = (name: string) => Bun.file(join(import.meta.dir, pageFolder, name));
  const manifest: unknown = await at(manifestName).json();
  if (!Value.Check(PageManifest, manifest)) throw new Error("the executable has no page");
  const { files, ...parts } = manifest;
  const byName = new Map(
    files.map(({ name, type, codings }): [string, PageFile] => {
      const coded = new Map(codings.map((coding) => [coding, at(`${name}.${coding}`)]));
      return [name, { type, plain: at(name), coded }];
    }),
  );
  return { ...parts, file: (name) => byName.get(name) ?? null };
}

const zipped = promisify(gzip);

async function fromSource(): Promise<PageFiles> {
  const { buildPage } = await import("./build-page.ts");
  const { files, ...parts } = await buildPage();
  const byName = new Map<string, PageFile>();
  for (const { name, type, isText, bytes } of files) {
    const coded = new Map<string, PageBody>();
    if (isText) coded.set("gzip", new Uint8Array(await zipped(bytes)));
    byName.set(name, { type, plain: bytes, coded });
  }
  return { ...parts, file: (name) => byName.get(name) ?? null };
}
