import { basicCredentials, withoutScheme } from "../core/key.ts";
import type { FoundKey } from "../core/key-record.ts";
import type { Route } from "../core/routes.ts";
import type { Call } from "../core/types.ts";
import type { OwnKeys } from "./own-keys.ts";
import { percentDecoded } from "./percent-decoded.ts";

/** Where clients put a key, in order of priority; the configured headers come before and after. */
const keyHeaders = [
  "x-litellm-api-key",
  "authorization",
  "api-key",
  "x-api-key",
  "x-goog-api-key",
  "xi-api-key",
  "api_token",
  "ocp-apim-subscription-key",
] as const;

/** What `findKey` needs to know. */
export interface KeyPlaces extends OwnKeys {
  /** `litellm_key_header_name`, in lower case. */
  readonly keyHeader: string | null;
}

/**
 * The key of ours that a call shows, valid or not: of all the places where a client may put one, the first that
 * holds one decides. What else stands in them is not looked at: it may be the client's own for the upstream.
 */
export function findKey(call: Call, route: Route, rules: KeyPlaces): "master" | FoundKey | null {
  const { headers } = call;
  if (rules.keyHeader !== null) {
    const found = inHeader(headers[rules.keyHeader], rules);
    if (found !== null) return found;
  }
  for (const name of keyHeaders) {
    const found = inHeader(headers[name], rules);
    if (found !== null) return found;
  }
  return inQuery(call, rules) ?? inSpecialPlaces(call, route, rules);
}

function inHeader(value: string | undefined, own: OwnKeys): "master" | FoundKey | null {
  if (value === undefined || value === "") return null;
  return lookUp(value.startsWith("Bearer sk-") ? value.slice(7) : withoutScheme(value), own);
}

/** The master key is looked at first: it may look like any other. */
function lookUp(token: string, { masterKey, keys }: OwnKeys): "master" | FoundKey | null {
  if (token === "") return null;
  if (masterKey?.matches(token) === true) return "master";
  return token.startsWith("sk-") ? keys.find(token) : null;
}

/** Google's own paths: `/v1beta/models/…`, `…/models/gemini-pro:generateContent`. */
const geminiPath = /\/v1(?:alpha|beta)\d*\/|\/models\/[^/]+:/;

/** `?key=`, as Google's clients send it. */
function inQuery({ path, query }: Call, own: OwnKeys): "master" | FoundKey | null {
  if (!query.includes("key=") || !geminiPath.test(path)) return null;
  for (const value of new URLSearchParams(query).getAll("key")) {
    const found = lookUp(value, own);
    if (found !== null) return found;
  }
  return null;
}

function inSpecialPlaces(
  { headers, query }: Call,
  { callerKeyHeader, keyFromBasic }: Route,
  own: OwnKeys,
): "master" | FoundKey | null {
  const authorization = headers["authorization"] ?? "";
  if (callerKeyHeader !== null) {
    const found = inHeader(headers[callerKeyHeader], own);
    if (found !== null) return found;
  }
  if (keyFromBasic) {
    for (const part of basicCredentials(authorization) ?? []) {
      const found = lookUp(part, own);
      if (found !== null) return found;
    }
  }
  return (
    inSignature(authorization, query, own) ?? inSubprotocols(headers["sec-websocket-protocol"], own)
  );
}

/** AWS clients show it as their access key id, in a header or in a presigned query: `Credential=<key>/<date>/…`. */
function inSignature(
  authorization: string,
  query: string,
  own: OwnKeys,
): "master" | FoundKey | null {
  if (authorization.startsWith("AWS4-")) {
    const [, key = ""] = /[\s,]Credential=([^/,\s]+)/.exec(authorization) ?? [];
    const found = lookUp(key, own);
    if (found !== null) return found;
  }
  if (!query.includes("X-Amz-Credential=")) return null;
  const [, credential = ""] = /(?:^|&)X-Amz-Credential=([^&]*)/.exec(query) ?? [];
  return lookUp(percentDecoded(credential).split("/", 1)[0] ?? "", own);
}

/** Browsers can set no header of a WebSocket: OpenAI's clients list the key among the sub-protocols. */
function inSubprotocols(value: string | undefined, own: OwnKeys): "master" | FoundKey | null {
  if (value === undefined) return null;
  const [, key = ""] = /(?:^|[\s,])openai-insecure-api-key\.([^,\s]+)/.exec(value) ?? [];
  return lookUp(key, own);
}
