import { headerBytes, literal } from "./quoting.ts";
import type { SnippetBody, SnippetCall, SnippetPart, SnippetValue } from "./snippet-call.ts";

/** What the written code calls; nothing is called here. */
const caller = "fetch";

/** The call in TypeScript, for Bun, Deno and Node. */
export function typescriptOf({ method, url, headers, body }: SnippetCall): string {
  const fields = headers.map(([name, value]) => `    ${literal(name)}: ${valueOf(value)},`);
  const lines = [
    ...(readsFile(body) ? ['import { readFile } from "node:fs/promises";'] : []),
    'import process from "node:process";',
    "",
    ...bodyLines(body),
    `const reply = await ${caller}(${literal(url)}, {`,
    `  method: ${literal(method)},`,
    ...(fields.length === 0 ? [] : ["  headers: {", ...fields, "  },"]),
    ...(body.kind === "none" ? [] : ["  body,"]),
    "});",
    'process.stderr.write(reply.status + "\\n");',
    "for await (const piece of reply.body ?? []) process.stdout.write(piece);",
  ];
  return `${lines.join("\n")}\n`;
}

function readsFile(body: SnippetBody): boolean {
  if (body.kind === "form") return body.parts.some(({ kind }) => kind === "file");
  return body.kind === "file";
}

function valueOf(value: SnippetValue): string {
  if (value.kind === "text") return literal(headerBytes(value.text));
  const variable = `process.env[${literal(value.name)}] ?? ""`;
  return value.before === "" ? variable : `${literal(value.before)} + (${variable})`;
}

function bodyLines(body: SnippetBody): string[] {
  if (body.kind === "none") return [];
  if (body.kind === "file") return [`const body = await readFile(${literal(body.name)});`];
  if (body.kind === "text") {
    return [`const body = new TextEncoder().encode(${literal(body.text)});`]; // bytes: fetch would type a text by itself
  }
  return ["const body = new FormData();", ...body.parts.map(partLine)];
}

function partLine(part: SnippetPart): string {
  const name = literal(part.name);
  if (part.kind === "value") return `body.append(${name}, ${literal(part.value)});`;
  const file = literal(part.file);
  const type = literal(part.type);
  return `body.append(${name}, new File([await readFile(${file})], ${file}, { type: ${type} }));`;
}
