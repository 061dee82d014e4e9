import type { Route } from "../core/routes.ts";
import type { Body, Call } from "../core/types.ts";
import { type BodyType, bodyTypeOf } from "./body-type.ts";
import { addFormModels } from "./form-models.ts";
import { eachMember, eachString, numberAt, stringAt } from "./json-members.ts";
import { ModelNames } from "./model-names.ts";
import { multipartField } from "./multipart-fields.ts";

/** What a request's body says of models and tokens. */
export interface BodyReading {
  /** Each model that it names, once; those of its top come first. */
  readonly models: readonly string[];
  /** Why its model cannot be read, as the end of a sentence; null where it can, or where there is no body. */
  readonly fault: string | null;
  readonly isEmpty: boolean;
  /** The most tokens that it asks for; 0 where it does not say, infinite where it cannot be known. */
  readonly maxTokens: number;
  /** How many answers it wants, each of so many tokens. */
  readonly copies: number;
}

/**
 * Reads a body once for all that limits ask. What an upstream could read in another way than it is read here
 * (streams, encodings, charsets, broken JSON or multipart, unknown types) has a `fault`. What parses as JSON counts as
 * JSON too, whatever its type: there are upstreams that do not look at it. Linear in the body's size.
 */
export function readingOf(call: Call, route: Route, body: Body): BodyReading {
  if (body.kind === "none") return empty;
  const type = bodyTypeOf(call, route);
  if (body.kind === "stream") return ofStream(call, type);
  if (body.bytes.byteLength === 0) return empty;
  if (type.kind === "veiled") return unreadable("is encoded, or of a type that is not clear", true);
  if (type.kind === "multipart") return ofMultipart(body.bytes, type.boundary);
  const text = textOf(body.bytes);
  const json = text === null ? null : ofJson(text);
  if (type.kind === "json") return json ?? unreadable("is not a JSON object", true);
  if (type.kind === "form") return ofForm(text, json);
  return { ...ofUnknownType, maxTokens: json?.maxTokens ?? 0, copies: json?.copies ?? 1 };
}

const empty: BodyReading = { models: [], fault: null, isEmpty: true, maxTokens: 0, copies: 1 };

function unreadable(fault: string, mayAskForAll: boolean): BodyReading {
  return { models: [], fault, isEmpty: false, maxTokens: mayAskForAll ? Infinity : 0, copies: 1 };
}

const ofUnknownType = unreadable("is of a type in which no model can be read", false);

/** Of other types than JSON the size says enough, where it is known. */
function ofStream({ headers }: Call, { kind }: BodyType): BodyReading {
  const isSized = /^\d+$/.test(headers["content-length"] ?? "");
  const mayAskForAll = !isSized || kind === "json" || kind === "veiled";
  return unreadable("is too large to be looked at", mayAskForAll);
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

type Asked = Pick<BodyReading, "maxTokens" | "copies">;

const nothingAsked: Asked = { maxTokens: 0, copies: 1 };

function read(models: ModelNames, { maxTokens, copies }: Asked, fault: string | null): BodyReading {
  const { tooMany, list } = models;
  if (tooMany)
    return { models: [], fault: "names too many models", isEmpty: false, maxTokens, copies };
  return { models: list, fault, isEmpty: false, maxTokens, copies };
}

function ofMultipart(bytes: ArrayBuffer, boundary: string): BodyReading {
  const models = new ModelNames();
  const fault = multipartField(bytes, boundary, "model", (value) => models.add(value));
  return read(models, nothingAsked, fault);
}

function ofForm(text: string | null, json: BodyReading | null): BodyReading {
  if (text === null) return unreadable("is not UTF-8", false);
  const models = new ModelNames();
  for (const name of json?.models ?? []) models.add(name);
  addFormModels(text, models);
  return read(models, json ?? nothingAsked, json?.fault ?? null);
}

/**
 * Null for what is no JSON object. Every member counts, whatever the case of its name: some upstreams do not look at
 * it. Models count at any depth (batches hold whole requests), and so do the names of a list `models` at the top
 * (fallbacks). A `model` further down that is no string is no name: schemas of tools have such members.
 */
function ofJson(text: string): BodyReading | null {
  const models = new ModelNames();
  const nested = new ModelNames();
  let strange = false;
  let maxTokens = 0;
  let copies = 1;
  let top: Kind | null = null;
  const isObject = eachMember(text, (member, at, depth) => {
    const kind = kindOf(member);
    if (depth === 1) top = kind;
    if (kind === "limit") {
      if (depth === 1 || (depth === 2 && top === "limits")) {
        maxTokens = Math.max(maxTokens, tokensAt(text, at));
      }
    } else if (kind === "copies") {
      if (depth === 1 || (depth === 2 && top === "limits")) {
        copies = Math.max(copies, tokensAt(text, at));
      }
    } else if (kind === "model") {
      const name = stringAt(text, at);
      if (name !== null) return (depth === 1 ? models : nested).add(name);
      strange ||= depth === 1;
    } else if (kind === "models" && depth === 1) {
      strange ||= !addList(text, at, models);
      return !models.tooMany;
    }
    return true;
  });
  if (!isObject) return null;
  for (const name of nested.list) models.add(name);
  const isCutShort = models.tooMany;
  const fault = strange ? "has a model that is not a string" : null;
  return read(models, { maxTokens: isCutShort ? Infinity : maxTokens, copies }, fault);
}

function addList(text: string, at: number, models: ModelNames): boolean {
  return text.startsWith("null", at) || eachString(text, at, (name) => models.add(name));
}

type Kind = "model" | "models" | "limit" | "limits" | "copies";

const kinds: ReadonlyMap<string, Kind> = new Map([
  ["model", "model"],
  ["models", "models"],
  ["maxtokens", "limit"],
  ["maxcompletiontokens", "limit"],
  ["maxoutputtokens", "limit"],
  ["bestof", "copies"],
  ["candidatecount", "copies"],
  ["numgenerations", "copies"],
  ["generationconfig", "limits"],
  ["inferenceconfig", "limits"],
]);

/** `max_tokens` and `maxTokens` alike. Most names are told apart by their length. */
function kindOf(name: string): Kind | null {
  if (name.length < 5 || name.length > 32) return name === "n" || name === "N" ? "copies" : null;
  return kinds.get(name.replaceAll("_", "").toLowerCase()) ?? null;
}

/** Google's and Amazon's stand in an object of their own. */
function tokensAt(text: string, at: number): number {
  const tokens = numberAt(text, at);
  return tokens > 0 ? tokens : 0;
}
