import { isCoded } from "../core/content-codings.ts";
import { connectionNames } from "../core/headers.ts";
import type { Route } from "../core/routes.ts";
import type { Call } from "../core/types.ts";

/** How a body is to be read, as the upstream will be told. */
export interface BodyType {
  readonly kind: "json" | "form" | "multipart" | "other" | "veiled";
  /** Of multipart; empty for all else, and where it is not sound. */
  readonly boundary: string;
}

const other: BodyType = { kind: "other", boundary: "" };
const veiled: BodyType = { kind: "veiled", boundary: "" };
const json: BodyType = { kind: "json", boundary: "" };
const form: BodyType = { kind: "form", boundary: "" };

/**
 * By the content type that goes up: the route's own, else the client's. Whatever could make the upstream read the
 * bytes in another way (an encoding, another charset, a type that is said twice or replaced on the way) is `veiled`.
 */
export function bodyTypeOf({ headers }: Call, { headers: plan }: Route): BodyType {
  if (isCoded(headers["content-encoding"])) return veiled;
  if (headers["x-pass-content-type"] !== undefined) return veiled;
  if (headers["x-pass-content-encoding"] !== undefined) return veiled;
  if (plan.fixedNames.has("content-encoding")) return veiled;
  if (plan.fixedNames.has("content-type")) return parse(fixedType(plan.fixed));
  if (connectionNames(headers["connection"]).has("content-type")) return veiled;
  return parse(headers["content-type"] ?? "");
}

function fixedType(fixed: Readonly<Record<string, string>>): string {
  for (const name in fixed) if (name.toLowerCase() === "content-type") return fixed[name] ?? "";
  return "";
}

const parameter = /;\s*(?:([\w!#$&^.+-]+)=(?:"([^"\\]*)"|([^\s;,"]+))\s*)?/y;

/** RFC 9110 §8.3; what does not keep to it is `veiled`, where it begins like a type at all. */
function parse(value: string): BodyType {
  if (value === "application/json") return json;
  const [start = "", media = ""] = /^([\w.+-]+\/[\w.+-]+)\s*/.exec(value) ?? [];
  const parameters = new Map<string, string>();
  parameter.lastIndex = start.length;
  while (start !== "" && parameter.lastIndex < value.length) {
    const found = parameter.exec(value);
    if (found === null) return veiled;
    const [, name, quoted, plain] = found;
    if (name === undefined) continue;
    if (parameters.has(name.toLowerCase())) return veiled;
    parameters.set(name.toLowerCase(), quoted ?? plain ?? "");
  }
  if (!isPlain(parameters.get("charset"))) return veiled;
  return typeOf(media.toLowerCase(), parameters.get("boundary") ?? "");
}

/** Not so UTF-7 or UTF-16, say, in which the same bytes are another text. */
function isPlain(charset: string | undefined): boolean {
  return charset === undefined || /^(?:utf-?8|us-ascii)$/i.test(charset);
}

function typeOf(media: string, boundary: string): BodyType {
  if (/^application\/(?:[\w.-]+\+)?json$/.test(media)) return json;
  if (media === "application/x-www-form-urlencoded") return form;
  if (media !== "multipart/form-data") return other;
  const isSound = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/.test(boundary);
  return { kind: "multipart", boundary: isSound ? boundary : "" };
}
