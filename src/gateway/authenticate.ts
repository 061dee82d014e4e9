import { GatewayError } from "../core/errors.ts";
import { credentialHeaders } from "../core/headers.ts";
import { basicCredentials, type KeySecret, withoutScheme } from "../core/key.ts";
import type { Route } from "../core/routes.ts";
import type { Call } from "../core/types.ts";
import { isAtThisMachine } from "./at-this-machine.ts";

/** What authentication knows of the gateway's own keys. */
export interface KeyRules {
  /** Null where none is configured: then no key is valid. */
  readonly masterKey: KeySecret | null;
  /** `litellm_key_header_name`, in lower case. */
  readonly keyHeader: string | null;
}

/** Where clients put a key, besides the configured headers; in order of priority. */
const keyHeaders = ["x-litellm-api-key", ...credentialHeaders, "api_token"];

/**
 * Returns where the caller may use the route; else throws `key_invalid`, or `key_unavailable` where no key can be
 * valid. Where anyone may call, a key that is shown is not looked at.
 */
export function authenticate(call: Call, route: Route, { masterKey, keyHeader }: KeyRules): void {
  if (route.auth === "anyone") return;
  if (masterKey !== null && showsKey(call, route, masterKey, keyHeader)) return;
  if (route.auth === "local" && isAtThisMachine(call)) return;
  throw new GatewayError(masterKey === null ? "key_unavailable" : "key_invalid", {
    headers: { "www-authenticate": "Bearer" },
  });
}

function showsKey(
  { headers, path, query }: Call,
  { callerKeyHeader, keyFromBasic }: Route,
  key: KeySecret,
  keyHeader: string | null,
): boolean {
  const holds = (name: string | null) => {
    const value = name === null ? undefined : headers[name];
    return value !== undefined && value !== "" && key.matches(withoutScheme(value));
  };
  if (holds(keyHeader) || keyHeaders.some(holds) || holds(callerKeyHeader)) return true;
  if (keyFromBasic) {
    const pair = basicCredentials(headers["authorization"] ?? "") ?? [];
    if (pair.some((part) => part !== "" && key.matches(part))) return true;
  }
  return query !== "" && geminiPath.test(path) && geminiKey(query, key);
}

/** Google's own paths: `/v1beta/models/…`, `…/models/gemini-pro:generateContent`. */
const geminiPath = /\/v1(?:alpha|beta)\d*\/|\/models\/[^/]+:/;

/** `?key=`, as Google's clients send it. */
function geminiKey(query: string, key: KeySecret): boolean {
  const value = new URLSearchParams(query).get("key");
  return value !== null && key.matches(value);
}
