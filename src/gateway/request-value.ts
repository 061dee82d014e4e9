import type { Route } from "../core/routes.ts";
import type { Call } from "../core/types.ts";
import { bodyTypeOf } from "./body-type.ts";
import { eachMember, stringAt } from "./json-members.ts";

/** The beginning of a request's body, or all of it. */
export interface BodyStart {
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
}

/**
 * What a request says of itself, for records and prices: its JSON, or the short text fields of its form. Of JSON that
 * was not kept to its end the model alone. Undefined where it cannot be read. Limits do not rely on it: they read
 * bodies as strictly as any upstream (`readingOf`).
 */
export function requestValue(call: Call, route: Route, start: BodyStart): unknown {
  const { bytes, isWhole } = start;
  if (bytes.byteLength === 0) return undefined;
  const { kind, boundary } = bodyTypeOf(call, route);
  if (kind === "veiled") return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  if (kind === "multipart") return textFields(text, boundary);
  if (kind === "form") return Object.fromEntries(new URLSearchParams(text));
  if (isWhole) return parsed(text);
  return (closesObject.test(text.slice(-20)) ? parsed(text) : undefined) ?? modelIn(text);
}

/** A short one that came in pieces is there as a whole: an object that is closed has nothing behind it. */
const closesObject = /\}\s*$/;

const byteOrderMark = "\ufeff";

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.startsWith(byteOrderMark) ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}

function modelIn(text: string): unknown {
  let model: string | null = null;
  eachMember(text, (name, at, depth) => {
    if (depth === 1 && name === "model") model = stringAt(text, at);
    return model === null;
  });
  return model === null ? undefined : { model };
}

/** Files and long texts are left out. */
function textFields(text: string, boundary: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const part of text.split(`--${boundary}\r\n`, 100)) {
    const [, name, value] =
      /^[^\r\n]*\bname="?(\w+)"?\r\n\r\n([^\r\n]{0,4096})\r\n/.exec(part) ?? [];
    if (name !== undefined && value !== undefined) fields[name] = value;
  }
  return fields;
}
