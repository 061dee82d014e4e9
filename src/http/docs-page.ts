import type { OpenApi, OperationObject, ParameterObject } from "./openapi.ts";

const style = `
:root { color-scheme: light dark; --dim: #6b7280; --line: #8884; --mark: #8882; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
code, .method { font-family: ui-monospace, monospace; font-size: .9em; }
summary { cursor: pointer; padding: .4rem 0; overflow-wrap: anywhere; }
details { border-top: 1px solid var(--line); } details > div { padding: 0 0 1rem 1rem; }
.method { display: inline-block; min-width: 3.2rem; font-weight: 600; }
.dim { color: var(--dim); }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; overflow-wrap: anywhere; }
th { font-weight: 400; } code { background: var(--mark); padding: 0 .2em; border-radius: .2em; }
`;

const styleHash = new Bun.CryptoHasher("sha256").update(style).digest("base64");

/** The page asks for nothing beyond itself, runs nothing, and stands in nobody's frame. */
export const docsHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** The document as a page to read: one entry an operation, by tag. `documentPath`: where the document itself is. */
export function docsPage({ info, paths }: OpenApi, documentPath: string): string {
  const byTag = new Map<string, string[]>();
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags?.[0] ?? "operations";
      byTag.set(tag, [...(byTag.get(tag) ?? []), entry(method, path, operation)]);
    }
  }
  const parts = [...byTag].sort(([a], [b]) => (a < b ? -1 : 1));
  const sections = parts.map(
    ([tag, entries]) => `<section><h2>${escaped(tag)}</h2>${entries.join("")}</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(info.title)}</title><style>${style}</style></head>
<body><h1>${escaped(info.title)} <span class="dim">${escaped(info.version)}</span></h1>
<p>${text(info.description)} For programs: <a href="${escaped(documentPath)}">openapi.json</a>.</p>
${sections.join("\n")}
</body></html>
`;
}

function entry(method: string, path: string, operation: OperationObject): string {
  const open = operation.security?.length === 0 ? "<p>Without a key.</p>" : "";
  const about = operation.description === undefined ? "" : `<p>${text(operation.description)}</p>`;
  const summary = `<span class="method">${escaped(method.toUpperCase())}</span> <code>${escaped(path)}</code> <span class="dim">${escaped(operation.summary ?? "")}</span>`;
  const tables = [
    table("Path and query", (operation.parameters ?? []).map(parameterRow)),
    table("Body", fieldRows(operation.requestBody)),
    table("Reply", fieldRows(replyOf(operation))),
  ];
  return `<details><summary>${summary}</summary><div>${about}${open}${tables.join("")}</div></details>`;
}

type Row = readonly [name: string, kind: string, about: string];

function parameterRow({ name, required, description, schema }: ParameterObject): Row {
  return [name, kindOf(schema) + (required ? ", required" : ""), description ?? ""];
}

function replyOf({ responses }: OperationObject): unknown {
  return member(responses, "200");
}

/** Of a body or a reply: one row a field. */
function fieldRows(holder: unknown): Row[] {
  const schema = member(holder, "content", "application/json", "schema");
  const listed = member(schema, "type") === "array" ? member(schema, "items") : schema;
  const properties = member(listed, "properties");
  const required = member(listed, "required");
  if (typeof properties !== "object" || properties === null) return [];
  return Object.entries(properties).map(([name, field]) => {
    const description = member(field, "description");
    const must = Array.isArray(required) && required.includes(name) && holder !== undefined;
    return [
      name,
      kindOf(field) + (must ? ", required" : ""),
      typeof description === "string" ? description : "",
    ];
  });
}

function kindOf(schema: unknown): string {
  const choices = member(schema, "anyOf");
  if (Array.isArray(choices)) return [...new Set(choices.map(kindOf))].join(" or ");
  const fixed = member(schema, "const");
  if (fixed !== undefined) return JSON.stringify(fixed);
  const type = member(schema, "type");
  return typeof type === "string" ? type : "any";
}

function table(caption: string, rows: readonly Row[]): string {
  if (rows.length === 0) return "";
  const lines = rows.map(
    ([name, kind, about]) =>
      `<tr><th><code>${escaped(name)}</code></th><td class="dim">${escaped(kind)}</td><td>${text(about)}</td></tr>`,
  );
  return `<table><caption>${caption}</caption>${lines.join("")}</table>`;
}

function member(value: unknown, ...names: readonly string[]): unknown {
  let found = value;
  for (const name of names) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Object.getOwnPropertyDescriptor(found, name)?.value;
  }
  return found;
}

/** Words between backquotes stand as code. */
function text(words: string): string {
  return escaped(words).replace(/`([^`]*)`/g, "<code>$1</code>");
}

function escaped(words: string): string {
  return words.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
