import { basename, extname, join } from "node:path";
import type { PageParts } from "./http/page-html.ts";

/** The page's files and which of them its document names. */
export interface BuiltPage extends PageParts {
  readonly files: readonly BuiltFile[];
}

/** One file of the page; its name holds a digest of its content. */
export interface BuiltFile {
  readonly name: string;
  readonly type: string;
  /** Worth compressing. */
  readonly isText: boolean;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const ui = join(import.meta.dir, "ui");

/** Bundles the page from its source, in memory. The same source makes the same bytes, run from source or compiled. */
export async function buildPage(): Promise<BuiltPage> {
  const naming = "[name]-[hash].[ext]";
  const { outputs, metafile } = await Bun.build({
    entrypoints: [join(ui, "main.tsx")],
    target: "browser",
    splitting: true, // what a part of the page does not use is not fetched
    minify: true,
    metafile: true,
    define: { "process.env.NODE_ENV": '"production"' },
    naming: { entry: naming, chunk: naming, asset: naming },
  });
  const entry = outputs.find(({ kind }) => kind === "entry-point");
  if (entry === undefined || metafile === undefined) throw new Error("the page has no entry");
  const made = new Map(
    Object.entries(metafile.outputs).map(([path, out]) => [basename(path), out]),
  );
  const parts = made.get(basename(entry.path));
  const style = parts?.cssBundle; // it holds the styles of what is fetched later too
  const styles = style === undefined ? [] : [basename(style)];
  const files = await Promise.all(outputs.map(builtFile));
  const icon = await iconFile();
  return {
    entry: basename(entry.path),
    styles,
    preloads: importsOf(basename(entry.path), made),
    icon: icon.name,
    files: [...files.filter(({ name }) => !name.endsWith(".css") || styles.includes(name)), icon],
  };
}

type Outputs = ReadonlyMap<string, { readonly imports: readonly Import[] }>;
type Import = { readonly path: string; readonly kind: string };

/** All that is imported at once, also by what is imported. */
function importsOf(entry: string, outputs: Outputs): string[] {
  const found = new Set([entry]);
  for (const name of found) {
    for (const { path, kind } of outputs.get(name)?.imports ?? []) {
      if (kind === "import-statement" && outputs.has(basename(path))) found.add(basename(path));
    }
  }
  found.delete(entry);
  return [...found];
}

async function builtFile(output: Bun.BuildArtifact): Promise<BuiltFile> {
  return fileOf(basename(output.path), new Uint8Array(await output.arrayBuffer()));
}

async function iconFile(): Promise<BuiltFile> {
  const bytes = await Bun.file(join(ui, "icon.svg")).bytes();
  const digest = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
  return fileOf(`icon-${digest.slice(0, 8)}.svg`, new Uint8Array(bytes));
}

const textTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

function fileOf(name: string, bytes: Uint8Array<ArrayBuffer>): BuiltFile {
  const textType = textTypes[extname(name)];
  return { name, type: textType ?? Bun.file(name).type, isText: textType !== undefined, bytes };
}
