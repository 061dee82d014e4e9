import { expect, test } from "bun:test";
import { dirname, join, relative } from "node:path";

const root = join(import.meta.dir, "..");

/** The layers: each folder of src, and all that it may import. Files right under src may import anything. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  cli: ["*"],
  config: [
    "core",
    "node:os",
    "@sinclair/typebox",
    "@sinclair/typebox/value",
    "yaml",
    "node:fs",
    "node:path",
    "node:net",
  ],
  core: ["node:crypto"],
  gateway: ["core", "metering", "node:net"],
  http: [
    "core",
    "config",
    "gateway",
    "version.ts",
    "elysia",
    "@sinclair/typebox",
    "@sinclair/typebox/value",
    "node:crypto",
    "node:net",
  ],
  endpoints: ["core", "node:crypto"],
  keys: ["core", "node:crypto", "node:fs", "node:path"],
  "call-log": ["core", "node:zlib"],
  metering: ["core", "node:zlib", "node:stream", "@smithy/eventstream-codec"],
  metrics: ["core", "node:perf_hooks", "prom-client"],
  pricing: ["core", "@pydantic/genai-prices"],
  providers: ["core"],
  ledger: ["core", "node:fs", "node:fs/promises", "node:os", "node:path"],
  logging: ["core", "gateway", "node:fs", "node:http"],
  process: ["bun:ffi", "logging", "node:fs", "node:fs/promises", "node:path"],
  storage: ["core", "bun:sqlite", "node:fs", "node:path"],
  sample: ["core", "@sinclair/typebox", "@sinclair/typebox/value"],
  ui: [
    "react",
    "react-dom",
    "react-dom/client",
    "wouter",
    "swr",
    "@tanstack/react-table",
    "@tanstack/react-virtual",
    "uplot",
    "uplot/dist/uPlot.min.css",
    "react-json-view-lite",
    "react-json-view-lite/dist/index.css",
    "diff",
  ],
};

/** Places where one thing may be named, and nowhere else. */
const onlyIn: readonly (readonly [pattern: RegExp, files: RegExp, what: string])[] = [
  [
    /\bBun\.serve\(/,
    /^src\/(?:server|metrics-listener|sample\/server|process\/control-socket)\.ts$/,
    "Bun.serve",
  ],
  [
    /(?<![.\w])fetch\(/,
    /^src\/gateway\/send\.ts$|^src\/ui\/api\.ts$|^src\/(?:server|app|control)\.ts$/,
    "fetch",
  ],
  [
    /(?<!(?:parseTarget|pathOf)\()\brequest\.url\b/, // UpstreamRequest's in send.ts
    /^src\/gateway\/send\.ts$|^src\/sample\/|^src\/cli\/logs-detail\.ts$/,
    "request.url, but as an argument of parse-target.ts",
  ],
  [/\bconsole\./, /^$/, "console"],
  [/@ts-(?:ignore|expect-error)/, /^$/, "@ts-ignore"],
  [/\bexport default\b/, /^$/, "a default export"],
  [
    /\b(?:inner|outer)HTML\b|insertAdjacentHTML|dangerouslySet|document\.write/,
    /^$/,
    "HTML made of text",
  ],
  [/\blocalStorage\b|\bdocument\.(?:body|title|query)/, /^src\/ui\//, "the browser"],
];

const files = (await Array.fromAsync(new Bun.Glob("src/**/*.{ts,tsx}").scan(root))).sort();

const texts = new Map(
  await Promise.all(
    files.map(async (file) => [file, await Bun.file(join(root, file)).text()] as const),
  ),
);

/** Types of other folders are no imports for the page: nothing of them is left when it is bundled. */
function importsOf(file: string): string[] {
  const text = texts.get(file) ?? "";
  const kept = file.startsWith("src/ui/") ? text.replace(/^import type [\s\S]*?;$/gm, "") : text;
  const found = withoutTemplates(kept).matchAll(
    /^(?:import|export)\b[^"';]*?\bfrom\s*"(.+?)"|^import "(.+?)"|\bimport\(\s*"(.+?)"/gm,
  );
  return [...found].map(([, from, plain, late]) => ownerOf(from ?? plain ?? late ?? "", file));
}

/** A file of ours by its folder (right under src: by its name), everything else by its own name. */
function ownerOf(path: string, file: string): string {
  if (!path.startsWith(".")) return path;
  const [, folder = ""] = relative(root, join(root, dirname(file), path)).split("/");
  return folder;
}

test.each(files)("%s imports only what its folder may", (file) => {
  const [, folder = "", ...rest] = file.split("/");
  if (rest.length === 0) return;
  const allowed = mayImport[folder] ?? [];
  const strange = importsOf(file).filter(
    (name) => !allowed.includes("*") && name !== folder && !allowed.includes(name),
  );
  expect(strange).toEqual([]);
});

test.each(files)("%s is of a size that can be read at once", (file) => {
  expect((texts.get(file) ?? "").split("\n").length).toBeLessThanOrEqual(300);
});

test.each(onlyIn)("%p stands only where it belongs", (pattern, where) => {
  const places = files.filter((file) => pattern.test(withoutComments(texts.get(file) ?? "")));
  expect(places.filter((file) => !where.test(file))).toEqual([]);
});

test("every step of the data plane is called from the pipeline alone", () => {
  const steps = ["authenticate", "check-address", "read-body", "build-request", "send", "relay"];
  for (const step of steps) {
    const callers = files.filter((file) => {
      const text = texts.get(file) ?? "";
      return new RegExp(
        `import \\{[^}]*\\b${camel(step)}\\b[^}]*\\} from "[^"]*${step}\\.ts"`,
      ).test(text);
    });
    const others = callers.filter((file) => file !== "src/gateway/pipeline.ts");
    expect(others.filter((file) => !file.startsWith("src/http/"))).toEqual([]);
  }
});

test("nothing in the project tells of machines or of places that only its makers know", () => {
  const strange = /\/(?:work|farm)\/|\/root\/|registry\.npmjs\.org/;
  expect(files.filter((file) => strange.test(texts.get(file) ?? ""))).toEqual([]);
});

function camel(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** What a program writes for others is not what it does. */
function withoutTemplates(text: string): string {
  return text.replace(/`(?:[^`\\]|\\.)*`/g, "``");
}

function withoutComments(text: string): string {
  return withoutTemplates(text)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(?<!:)\/\/.*$/gm, "");
}
