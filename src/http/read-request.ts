import { type Static, type TObject, type TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { GatewayError } from "../core/errors.ts";
import { parseTarget } from "../gateway/parse-target.ts";
import { fieldFaults, type NotHere, refuse } from "./field-faults.ts";

/** Bytes; the largest metadata, lists of models and lists of keys are far below. */
const longestBody = 1024 * 1024;

/**
 * The JSON object that a request holds, checked against a schema. Throws `request_invalid`, naming every field that
 * is wrong, and `body_too_large`. Called by handlers, not by the framework: only who is let in has his body read.
 */
export async function readFields<S extends TObject>(
  request: Request,
  schema: S,
  notHere?: NotHere,
): Promise<Static<S>> {
  return checked(await readObject(request), schema, notHere);
}

/** The JSON object that a request holds, whatever its fields. Throws `request_invalid` and `body_too_large`. */
export async function readObject(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const text = await readText(request);
  if (text === "") throw refuse(["The body is empty: send a JSON object, {} at least."]);
  return objectOf(request, text);
}

/** The same where a request without a body is one without fields. */
export async function readOptionalFields<S extends TObject>(
  request: Request,
  schema: S,
  notHere?: NotHere,
): Promise<Static<S>> {
  const text = await readText(request);
  return checked(text === "" ? {} : objectOf(request, text), schema, notHere);
}

/** Parameters of a query; no route has half as many. */
const mostParameters = 64;

/** The query's parameters, those without a value left out, checked against a schema of texts, integers and booleans. */
export function readQuery<S extends TObject>(
  request: Request,
  schema: S,
  notHere?: NotHere,
): Static<S> {
  const { query } = parseTarget(request.url);
  if (query.split("&", mostParameters + 1).length > mostParameters) {
    throw refuse([`More than ${mostParameters} parameters.`]);
  }
  const given = new Map<string, unknown>();
  const repeated = new Set<string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (given.has(name)) repeated.add(name);
    else if (value !== "") given.set(name, converted(value, schema.properties[name]));
  }
  const names = Object.keys(schema.properties).filter((name) => repeated.has(name));
  if (repeated.size > 0) throw refuse([`${names.join(", ") || "A parameter"}: given twice.`]);
  return checked(Object.fromEntries(given), schema, notHere);
}

function checked<S extends TObject>(
  given: Readonly<Record<string, unknown>>,
  schema: S,
  notHere: NotHere = {},
): Static<S> {
  const faults = fieldFaults(given, schema, notHere);
  const known = Object.fromEntries(
    Object.entries(given).filter(([name]) => Object.hasOwn(schema.properties, name)),
  );
  if (faults.length === 0 && Value.Check(schema, known)) return known;
  throw refuse(faults);
}

function converted(value: string, schema: TSchema | undefined): unknown {
  if (schema?.["type"] === "integer") return /^-?\d{1,9}$/.test(value) ? Number(value) : value;
  if (schema?.["type"] !== "boolean") return value;
  const word = value.toLowerCase(); // Python's clients write True
  return word === "true" || word === "1" ? true : word === "false" || word === "0" ? false : value;
}

function objectOf(request: Request, text: string): Readonly<Record<string, unknown>> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) {
    throw refuse(["Send it with Content-Type: application/json."]);
  }
  const value = parsed(text);
  if (!isObject(value)) throw refuse(["The body has to be a JSON object."]);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse(["The body is not JSON."]); // without the cause: it quotes the body
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Counted while it comes: what a client declares is not relied upon. */
async function readText({ body }: Request): Promise<string> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > longestBody) throw new GatewayError("body_too_large");
    text += decoder.decode(chunk, { stream: true });
  }
  return (text + decoder.decode()).trim();
}
