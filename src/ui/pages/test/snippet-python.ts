import { headerBytes, literal } from "./quoting.ts";
import type { SnippetBody, SnippetCall, SnippetPart, SnippetValue } from "./snippet-call.ts";

/** The call in Python 3, with nothing to install. */
export function pythonOf({ method, url, headers, body }: SnippetCall): string {
  const hasVariable = headers.some(([, value]) => value.kind === "variable");
  const fields = [
    ...headers.map(([name, value]) => `    ${literal(name)}: ${valueOf(value)},`),
    ...ownType(headers, body),
  ];
  const lines = [
    ...(hasVariable ? ["import os"] : []),
    "import sys",
    "import urllib.error",
    "import urllib.request",
    ...(body.kind === "form" ? ["import uuid"] : []),
    "",
    ...bodyLines(body),
    ...(fields.length === 0 ? ["headers = {}"] : ["headers = {", ...fields, "}"]),
    `url = ${literal(url)}`,
    `call = urllib.request.Request(url, method=${literal(method)}, headers=headers${body.kind === "none" ? "" : ", data=body"})`,
    ...reading,
  ];
  return `${lines.join("\n")}\n`;
}

const reading = [
  "try:",
  "    reply = urllib.request.urlopen(call)",
  "except urllib.error.HTTPError as error:",
  "    reply = error",
  "print(reply.status, file=sys.stderr)",
  "for line in reply:",
  "    sys.stdout.buffer.write(line)",
  "    sys.stdout.flush()",
];

/** The type that the body has by itself; without any, urllib would say that it is a form. */
function ownType(headers: SnippetCall["headers"], { kind }: SnippetBody): string[] {
  if (kind === "form") return ['    "content-type": f"multipart/form-data; boundary={boundary}",'];
  const hasType = headers.some(([name]) => name.toLowerCase() === "content-type");
  return hasType || kind === "none" ? [] : ['    "content-type": "application/octet-stream",'];
}

function valueOf(value: SnippetValue): string {
  if (value.kind === "text") return literal(headerBytes(value.text));
  const variable = `os.environ[${literal(value.name)}]`;
  return value.before === "" ? variable : `${literal(value.before)} + ${variable}`;
}

function bodyLines(body: SnippetBody): string[] {
  if (body.kind === "none") return [];
  if (body.kind === "text") return [`body = ${literal(body.text)}.encode()`];
  if (body.kind === "file") {
    return [`with open(${literal(body.name)}, "rb") as file:`, "    body = file.read()"];
  }
  return [
    "boundary = uuid.uuid4().hex",
    'body = b""',
    ...body.parts.flatMap(partLines),
    'body += f"--{boundary}--\\r\\n".encode()',
  ];
}

function partLines(part: SnippetPart): string[] {
  const name = `Content-Disposition: form-data; name="${formName(part.name)}"`;
  const boundary = 'body += f"--{boundary}\\r\\n".encode()';
  if (part.kind === "value") {
    const value = part.value.replace(/\r\n?|\n/g, "\r\n"); // as browsers do
    return [boundary, `body += ${literal(`${name}\r\n\r\n${value}\r\n`)}.encode()`];
  }
  const head = `${name}; filename="${formName(part.file)}"\r\nContent-Type: ${part.type}\r\n\r\n`;
  return [
    boundary,
    `body += ${literal(head)}.encode()`,
    `with open(${literal(part.file)}, "rb") as file:`,
    '    body += file.read() + b"\\r\\n"',
  ];
}

/** As a name stands in a form (HTML Living Standard, multipart/form-data encoding). */
function formName(name: string): string {
  return name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}
