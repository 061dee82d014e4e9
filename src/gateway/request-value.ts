import { isCoded } from "../core/content-codings.ts";
import type { Route } from "../core/routes.ts";
import type { Call } from "../core/types.ts";
import { bodyTypeOf } from "./body-type.ts";
import { eachMember, stringAt } from "./json-members.ts";

/** The beginning of a request's body, or all of it. */
export interface BodyStart {
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
}

/** A longer one holds up the process while it is parsed. */
const mostParsed = 128 * 1024;

/**
 * What a request says of itself, for records and prices: its JSON, or the short text fields of its form. Undefined where
 * it cannot be read, is long, or was not kept to its end. By its bytes, whatever type it is said to have: so upstreams
 * read it too. Limits do not rely on it: they are stricter (`readingOf`).
 */
export function requestValue(call: Call, route: Route, { bytes, isWhole }: BodyStart): unknown {
  if (bytes.byteLength === 0 || isCoded(call.headers["content-encoding"])) return undefined;
  const isShort = bytes.byteLength <= mostParsed;
  const text = textOf(bytes, isShort ? bytes.byteLength : keptOfLong);
  if (looksLikeJson.test(text)) {
    const isThere = isShort && (isWhole || closesObject.test(text.slice(-20)));
    return isThere ? parsed(text) : undefined;
  }
  const { kind, boundary } = bodyTypeOf(call, route);
  if (kind === "multipart") return textFields(text, boundary);
  return kind === "form" && isShort ? Object.fromEntries(new URLSearchParams(text)) : undefined;
}

/** The model that JSON names, of which only the beginning can be read; null where that names none. */
export function modelOfStart(call: Call, { bytes }: BodyStart): string | null {
  if (bytes.byteLength === 0 || isCoded(call.headers["content-encoding"])) return null;
  const text = textOf(bytes, Math.min(bytes.byteLength, keptOfLong));
  return looksLikeJson.test(text) ? modelIn(text) : null;
}

const looksLikeJson = /^\s*\{/;

function textOf(bytes: Uint8Array, length: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, length).toString("utf8");
  return text.startsWith(byteOrderMark) ? text.slice(1) : text;
}

const keptOfLong = 64 * 1024;

/** A short one that came in pieces is there as a whole: an object that is closed has nothing behind it. */
const closesObject = /\}\s*$/;

const byteOrderMark = "\ufeff";

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function modelIn(text: string): string | null {
  let model: string | null = null;
  eachMember(text, (name, at, depth) => {
    if (depth === 1 && name === "model") model = stringAt(text, at);
    return model === null;
  });
  return model;
}

/** Files and long texts are left out. */
function textFields(text: string, boundary: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const part of text.split(`--${boundary}\r\n`, 100)) {
    const end = part.indexOf("\r\n\r\n");
    const head = end < 0 ? "" : part.slice(0, Math.min(end, longestHead));
    const [, name] = /;\s*name="?([\w.[\]-]+)"?/i.exec(head) ?? [];
    const [value] = /^[^\r\n]{0,4096}(?=\r\n)/.exec(part.slice(end + 4, end + 8 + 4096)) ?? [];
    if (name !== undefined && value !== undefined && !/;\s*filename/i.test(head)) {
      fields[name] = value;
    }
  }
  return fields;
}

const longestHead = 1_024;
