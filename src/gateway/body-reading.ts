import type { Route } from "../core/routes.ts";
import type { Body, Call } from "../core/types.ts";
import { bodyTypeOf } from "./body-type.ts";
import { eachMember, type MemberValue } from "./json-members.ts";
import { multipartField } from "./multipart-fields.ts";
import { formValues } from "./percent-decoded.ts";

/** What a request's body says of models and tokens. */
export interface BodyReading {
  /** Each model that it names, in order; where a name stands twice, both: not every upstream reads the same one. */
  readonly models: readonly string[];
  /** Why its model cannot be read, as the end of a sentence; null where it can, or where there is no body. */
  readonly fault: string | null;
  readonly isEmpty: boolean;
  /** The most tokens that it asks for; 0 where it does not say. */
  readonly maxTokens: number;
}

/**
 * Reads a body once for all that limits ask. What an upstream could read in another way than it is read here
 * (streams, encodings, charsets, broken JSON or multipart, unknown types) has a `fault`. Linear in the body's size.
 */
export function readingOf(call: Call, route: Route, body: Body): BodyReading {
  if (body.kind === "none") return empty;
  if (body.kind === "stream") return unreadable("is too large to be looked at");
  if (body.bytes.byteLength === 0) return empty;
  const { kind, boundary } = bodyTypeOf(call, route);
  if (kind === "json") return ofJson(textOf(body.bytes));
  if (kind === "form") return ofForm(textOf(body.bytes));
  if (kind === "other") return unreadable("is encoded, or of a type in which no model can be read");
  const field = multipartField(body.bytes, boundary, "model");
  return "fault" in field ? unreadable(field.fault) : readable(field.values);
}

const empty: BodyReading = { models: [], fault: null, isEmpty: true, maxTokens: 0 };

function unreadable(fault: string): BodyReading {
  return { models: [], fault, isEmpty: false, maxTokens: 0 };
}

function readable(models: readonly string[], maxTokens = 0): BodyReading {
  return { models, fault: null, isEmpty: false, maxTokens };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Null where it is no UTF-8. */
function textOf(bytes: ArrayBuffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

function ofForm(text: string | null): BodyReading {
  return text === null ? unreadable("is not UTF-8") : readable(formValues(text, "model"));
}

/** Each member counts, whatever the case of its name: some upstreams do not look at the case. */
function ofJson(text: string | null): BodyReading {
  if (text === null || !isJsonObject(text)) return unreadable("is not a JSON object");
  const models: string[] = [];
  let strange = false;
  let maxTokens = 0;
  eachMember(text, (name, value) => {
    const kind = kindOf(name);
    if (kind === "limit") maxTokens = Math.max(maxTokens, tokensOf(text, value));
    else if (kind === "limits") maxTokens = Math.max(maxTokens, tokensBelow(text, value));
    else if (kind === "model") {
      const model: unknown = JSON.parse(text.slice(value.start, value.end));
      if (typeof model === "string") models.push(model);
      else strange = true;
    }
  });
  const fault = strange ? "has a model that is not a string" : null;
  return { models, fault, isEmpty: false, maxTokens };
}

/** Valid as a whole: then it can be taken apart without doubt. Nesting that the parser refuses is a fault too. */
function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const kinds: ReadonlyMap<string, "model" | "limit" | "limits"> = new Map([
  ["model", "model"],
  ["maxtokens", "limit"],
  ["maxcompletiontokens", "limit"],
  ["maxoutputtokens", "limit"],
  ["generationconfig", "limits"],
  ["inferenceconfig", "limits"],
]);

/** `max_tokens` and `maxTokens` alike. Most names are told apart by their length. */
function kindOf(name: string): "model" | "limit" | "limits" | null {
  if (name.length < 5 || name.length > 32) return null;
  return kinds.get(name.replaceAll("_", "").toLowerCase()) ?? null;
}

function tokensOf(text: string, { start, end }: MemberValue): number {
  const tokens = Number(text.slice(start, Math.min(end, start + 32)));
  return Number.isFinite(tokens) && tokens > 0 ? tokens : 0;
}

/** Google's and Amazon's stand in an object of their own. */
function tokensBelow(text: string, { start, end }: MemberValue): number {
  const inner = text.slice(start, end);
  let tokens = 0;
  eachMember(inner, (name, value) => {
    if (kindOf(name) === "limit") tokens = Math.max(tokens, tokensOf(inner, value));
  });
  return tokens;
}
