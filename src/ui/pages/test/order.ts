import type { Method } from "../../methods.ts";
import { sentBodyKind, type TestForm, type TestKey } from "./form.ts";
import { headerBytes } from "./quoting.ts";

/** The call as `POST /ui/test` takes it, beside its body. */
export interface TestOrder {
  readonly method: Method;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly key: OrderKey;
}

type OrderKey =
  | { readonly kind: "none" | "master" }
  | { readonly kind: "key"; readonly id: string }
  | { readonly kind: "text"; readonly key: string };

export type FormField = "path" | "headers" | "body" | "key";

/** What is wrong with a form, by field. */
export type FormFaults = Readonly<Partial<Record<FormField, string>>>;

/** What keeps a form from being sent; nothing where it can be. */
export function faultsOf(form: TestForm): FormFaults {
  const faults: [FormField, string | null][] = [
    ["path", pathFault(form.path)],
    ["headers", headersFault(form)],
    ["body", bodyFault(form)],
    ["key", keyFault(form.key)],
  ];
  return Object.fromEntries(faults.filter(([, fault]) => fault !== null));
}

/** The order of a form without faults; `contentType` is the body's own, where it has one that cannot be typed. */
export function orderOf(form: TestForm, contentType: string | null): TestOrder {
  const typed = typedHeaders(form);
  const headers =
    contentType === null
      ? typed
      : [
          ...typed.filter(([name]) => name.toLowerCase() !== "content-type"),
          ["content-type", contentType] as const,
        ];
  return { method: form.method, path: sentPath(form.path), headers, key: orderKey(form.key) };
}

/** The header's value: base64url of JSON. */
export function headerOf(order: TestOrder): string {
  const headers = order.headers.map(([name, value]) => [name, headerBytes(value)]);
  const bytes = new TextEncoder().encode(JSON.stringify({ ...order, headers }));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The headers that have a name. */
export function typedHeaders({
  headers,
}: Pick<TestForm, "headers">): (readonly [string, string])[] {
  return headers
    .filter(({ name }) => name.trim() !== "")
    .map(({ name, value }) => [name.trim(), value.trim()] as const);
}

const origin = "http://localhost";

/** A path and query as a browser would send them: odd characters are percent-encoded. */
export function sentPath(typed: string): string {
  const path = withoutOrigin(typed.trim()).replace(/^[^?]*/, (part) =>
    part.replaceAll("\\", "%5C"),
  );
  return URL.canParse(origin + path) ? new URL(origin + path).href.slice(origin.length) : path;
}

/** A whole address is taken for its path. */
function withoutOrigin(typed: string): string {
  const [, rest] = /^https?:\/\/[^/?#]+(.*)$/is.exec(typed) ?? [];
  if (rest === undefined) return typed;
  return rest.startsWith("/") ? rest : `/${rest}`;
}

function pathFault(typed: string): string | null {
  const path = withoutOrigin(typed.trim());
  if (path === "") return "Write a path, as /openai/v1/models, or choose a route.";
  if (!path.startsWith("/")) return "A path begins with a slash.";
  if (path.includes("#")) return "What follows a # never leaves a client: write it as %23.";
  const [way = ""] = path.split("?");
  if (/(?:^|[/\\])(?:\.|%2e){1,2}(?:[/\\]|$)/i.test(way))
    return "No . or .. between slashes: write the path out.";
  return null;
}

/** What the gateway sets by itself. */
const ownHeaders =
  /^(?:connection|content-length|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i;

function headersFault(form: TestForm): string | null {
  const headers = typedHeaders(form);
  const odd = headers.find(([name]) => !/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/.test(name));
  if (odd !== undefined) return `“${odd[0]}” is no header's name: take letters, digits and dashes.`;
  const own = headers.find(([name]) => ownHeaders.test(name));
  if (own !== undefined) return `${own[0]} is set by the gateway itself: remove it.`;
  // oxlint-disable-next-line no-control-regex
  const broken = headers.find(([, value]) => /[\0-\x08\x0a-\x1f\x7f]/.test(value));
  if (broken !== undefined)
    return `The value of ${broken[0]} holds a line break or a control character.`;
  return form.headers.some(({ name, value }) => name.trim() === "" && value.trim() !== "")
    ? "A value has no name."
    : null;
}

function bodyFault(form: TestForm): string | null {
  const kind = sentBodyKind(form);
  if (kind === "file" && form.body.file === null) return "Choose a file, or another kind of body.";
  if (kind !== "form") return null;
  const { parts } = form.body;
  if (parts.some(({ name, value, file }) => name === "" && (value !== "" || file !== null))) {
    return "Each field of the form needs a name.";
  }
  const missing = parts.find(({ name, isFile, file }) => name !== "" && isFile && file === null);
  return missing === undefined ? null : `Choose a file for “${missing.name}”.`;
}

/** JSON is sent as it stands, broken or not; null where it is sound. */
export function jsonFault(text: string): string | null {
  if (text.trim() === "") return "It is empty.";
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error
      ? error.message.replace(/^JSON Parse error: /, "")
      : "It is no JSON.";
  }
}

function keyFault(key: TestKey): string | null {
  if (key.kind !== "text" || /^[!-~]{1,512}$/.test(key.key)) return null;
  return key.key === ""
    ? "Type a key, or choose another."
    : "A key has no spaces, and ASCII characters alone.";
}

function orderKey(key: TestKey): OrderKey {
  if (key.kind === "key") return { kind: "key", id: key.id };
  return key.kind === "text" ? { kind: "text", key: key.key } : { kind: key.kind };
}
