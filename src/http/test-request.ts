import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { hopByHop } from "../core/headers.ts";
import { fieldFaults, refuse } from "./field-faults.ts";

/** Where a call that is tried out is described: its body is the request's own. */
export const testHeader = "x-tollgate-test";

/** What every call that is tried out is tagged with, unless `tag` is false. */
export const testTag = "tollgate-test";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const Shown = Type.Union([
  Type.Object({ kind: Type.Literal("none") }),
  Type.Object({ kind: Type.Literal("master") }),
  Type.Object({ kind: Type.Literal("key"), id: Type.String({ minLength: 1, maxLength: 200 }) }),
  Type.Object({ kind: Type.Literal("text"), key: Type.String({ pattern: "^[!-~]{1,512}$" }) }),
]);

const Field = Type.Tuple([
  Type.String({ pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$" }),
  Type.String({ pattern: "^[\\t -~\\x80-\\xff]*$", maxLength: 16_384 }),
]);

/** One call to be tried out. */
export const TestOrder = Type.Object({
  method: Type.Union(
    methods.map((method) => Type.Literal(method)),
    { meant: `one of ${methods.join(", ")}` },
  ),
  path: Type.String({
    pattern: "^/",
    sound: staysAsItIs,
    meant:
      "a path and a query as they are to be sent, from the / on, with odd characters percent-encoded and without dot segments or a fragment,",
  }),
  headers: Type.Optional(
    Type.Array(Field, {
      maxItems: 150,
      meant: "a list of [name, value], names and values of headers,",
    }),
  ),
  key: Type.Optional(
    Type.Union([Shown], {
      meant:
        'one of {"kind":"none"}, {"kind":"master"}, {"kind":"key","id":"…"}, {"kind":"text","key":"…"}',
    }),
  ),
  tag: Type.Optional(Type.Boolean({ meant: "true or false" })),
});
export type TestOrder = Static<typeof TestOrder>;

const origin = "http://localhost";

/** The runtime writes some targets anew: such a call would be another one than was asked for. */
function staysAsItIs(path: unknown): boolean {
  if (typeof path !== "string" || path.includes("#")) return false;
  const written = URL.canParse(origin + path) ? new URL(origin + path).href : "";
  return written === origin + path;
}

/** What is asked for. Throws `request_invalid`, naming all that is wrong; of values it tells nothing. */
export function readOrder({ headers }: Request): TestOrder {
  const text = headers.get(testHeader);
  if (text === null) throw refuse([`${testHeader} is missing: base64url of a JSON object.`]);
  const value = objectIn(text);
  const faults = fieldFaults(value, TestOrder);
  if (faults.length > 0 || !Value.Check(TestOrder, value)) throw refuse(faults);
  const framing = headerNames(value).filter((name) => ownHeaders.has(name));
  if (framing.length > 0) {
    const names = [...new Set(framing)].join(", ");
    throw refuse([
      `headers: ${names}: what frames and directs a request is not for a test to set.`,
    ]);
  }
  return value;
}

/** The connection's, and what the body and the entrance say by themselves. */
const ownHeaders: ReadonlySet<string> = new Set([...hopByHop, "content-length", "expect", "host"]);

function objectIn(base64url: string): Readonly<Record<string, unknown>> {
  const wrong = () => refuse([`${testHeader} has to be base64url of a JSON object.`]);
  if (!/^[\w-]+={0,2}$/.test(base64url)) throw wrong();
  try {
    const value: unknown = JSON.parse(Buffer.from(base64url, "base64url").toString());
    if (isObject(value)) return value;
  } catch {
    throw wrong(); // without the cause: it quotes the text
  }
  throw wrong();
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function headerNames({ headers = [] }: TestOrder): string[] {
  return headers.map(([name]) => name.toLowerCase());
}

/** What a call that is tried out takes from elsewhere. */
export interface TestParts {
  /** The request that asks for the test. */
  readonly outer: Request;
  /** What is shown as the caller's key; null for none. */
  readonly key: string | null;
  /** `litellm_key_header_name`, in lower case. */
  readonly keyHeader: string | null;
  readonly signal: AbortSignal;
}

/**
 * The call as a request of its own: with the body of the one that asks for it, and with what that one's way here put
 * into it. Throws `request_invalid` where the chosen key has no place beside the caller's own headers.
 */
export function requestOf(order: TestOrder, { outer, key, keyHeader, signal }: TestParts): Request {
  const { method, path } = order;
  const headers = new Headers();
  for (const [name, value] of order.headers ?? []) headers.append(name, value);
  if (order.tag !== false) headers.append("x-litellm-tags", testTag);
  for (const [name, value] of outer.headers) if (forwarding.test(name)) headers.append(name, value);
  headers.set("host", outer.headers.get("host") ?? "localhost");
  if (key !== null) headers.set(placeOfKey(order, keyHeader), `Bearer ${key}`);

  const length = outer.headers.get("content-length");
  const isChunked = outer.headers.has("transfer-encoding");
  if (isChunked) headers.set("transfer-encoding", "chunked");
  else if (length !== null && (length !== "0" || usuallyWithBody.has(method))) {
    headers.set("content-length", length);
  }
  const hasNone = method === "GET" || method === "HEAD" || !(isChunked || length !== null);
  return new Request(origin + path, {
    method,
    headers,
    signal,
    ...(hasNone || outer.body === null ? {} : { body: outer.body }),
  });
}

/** What proxies add: a call by the same way would have it too. */
const forwarding = /^(?:forwarded|via|x-forwarded-.*|x-real-ip)$/;

/** Their requests tell a length of 0 where they have no body. */
const usuallyWithBody: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

/** `authorization` may be the client's own, for the upstream: then the key stands in this gateway's header. */
function placeOfKey(order: TestOrder, keyHeader: string | null): string {
  const names = new Set(headerNames(order));
  const taken = [keyHeader, "x-litellm-api-key"].filter((name) => name !== null && names.has(name));
  if (taken.length > 0) {
    throw refuse([
      `headers: ${taken.join(", ")} holds a key, and another one is chosen: take one.`,
    ]);
  }
  return names.has("authorization") ? "x-litellm-api-key" : "authorization";
}
