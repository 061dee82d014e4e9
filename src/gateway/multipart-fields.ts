const lineEnd = "\r\n";
const maxHeaderLength = 8 * 1024;
const maxParts = 1_000;
const maxValueLength = 256;

/**
 * Tells every value of the field of this name (lower case; in whatever case it is written) in a `multipart/form-data`
 * body (RFC 7578), until `tell` gives false. Only what every parser reads alike is read: else a fault, the end of a
 * sentence, for bare line feeds at a boundary, text before the first one or after the last, folded, repeated or
 * encoded names, and values in another charset.
 */
export function multipartField(
  bytes: ArrayBuffer,
  boundary: string,
  name: string,
  tell: (value: string) => boolean,
): string | null {
  if (boundary === "") return "has a boundary that is missing or not valid";
  const text = Buffer.from(bytes).toString("latin1");
  const parts = partsOf(text, `--${boundary}`);
  if (parts === null) return "has parts that are not as RFC 7578 has them";
  for (const part of parts) {
    const headers = headersOf(part);
    if (headers === null) return "has parts whose headers are not as RFC 7578 has them";
    if (headers.name !== name) continue;
    const value = valueOf(part.slice(headers.length), headers);
    if (value === null) return `has a field ${name} that is too long or encoded`;
    if (!tell(value)) return null;
  }
  return null;
}

/** Between the delimiters, headers included; null where there is any doubt about where a part ends, or too many. */
function partsOf(text: string, delimiter: string): string[] | null {
  const pieces = text.split(delimiter, maxParts + 2); // each time that it stands anywhere
  const last = pieces.pop() ?? "";
  if (pieces.length < 2 || pieces[0] !== "") return null;
  if (last !== "--" && last !== `--${lineEnd}`) return null;
  const parts: string[] = [];
  for (const piece of pieces.slice(1)) {
    if (!piece.startsWith(lineEnd) || !piece.endsWith(lineEnd)) return null;
    parts.push(piece.slice(lineEnd.length, -lineEnd.length));
  }
  return parts;
}

interface PartHeaders {
  /** Of the field, in lower case. */
  readonly name: string;
  /** With the blank line. */
  readonly length: number;
  readonly type: string;
  readonly isEncoded: boolean;
}

function headersOf(part: string): PartHeaders | null {
  const end = part.indexOf(lineEnd + lineEnd);
  if (end < 0 || end > maxHeaderLength) return null;
  let name: string | null = null;
  let type = "";
  let isEncoded = false;
  for (const line of part.slice(0, end).split(lineEnd)) {
    const [, field = "", value = ""] = /^([\w-]+):[ \t]*([^\r\n\0]*)$/.exec(line) ?? [];
    if (field === "") return null;
    const lower = field.toLowerCase();
    if (lower === "content-type") type = value;
    else if (lower === "content-transfer-encoding")
      isEncoded = !/^(?:7bit|8bit|binary)$/i.test(value);
    else if (lower === "content-disposition") {
      if (name !== null) return null;
      name = nameOf(value);
      if (name === null) return null;
    }
  }
  return name === null ? null : { name, length: end + 4, type, isEncoded };
}

const disposition =
  /^form-data((?:[ \t]*;[ \t]*[\w*-]+=(?:"(?:[^"\\]|\\.)*"|[^\s;"]+))+)[ \t]*;?$/i;
const parameters = /;[ \t]*([\w*-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/g;

/** Null for what one parser reads so and another one otherwise. */
function nameOf(value: string): string | null {
  const [, list] = disposition.exec(value) ?? [];
  if (list === undefined) return null;
  let name: string | null = null;
  for (const [, key = "", quoted, plain] of list.matchAll(parameters)) {
    if (!/^name\b/i.test(key)) continue;
    const text = quoted ?? plain ?? "";
    if (name !== null || key.length > 4 || /[\\%]/.test(text)) return null;
    name = text.trim().toLowerCase();
  }
  return name;
}

function valueOf(content: string, { type, isEncoded }: PartHeaders): string | null {
  const [, charset = "utf-8"] = /charset="?([^\s;"]+)/i.exec(type) ?? [];
  if (isEncoded || !/^(?:utf-?8|us-ascii)$/i.test(charset)) return null;
  if (content.length > maxValueLength) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(content, "latin1"));
  } catch {
    return null;
  }
}
