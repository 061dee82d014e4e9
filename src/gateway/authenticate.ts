import { GatewayError } from "../core/errors.ts";
import { credentialHeaders } from "../core/headers.ts";
import { basicCredentials, type KeySecret, withoutScheme } from "../core/key.ts";
import type { Route } from "../core/routes.ts";
import type { Call, Principal } from "../core/types.ts";
import { isAtThisMachine } from "./at-this-machine.ts";

/** What authentication knows of the gateway's own keys. */
export interface KeyRules {
  /** Null where none is configured: then no key is valid. */
  readonly masterKey: KeySecret | null;
  /** `litellm_key_header_name`, in lower case. */
  readonly keyHeader: string | null;
}

const master: Principal = { kind: "master" };
const anonymous: Principal = { kind: "anonymous" };

/** Where clients put a key, besides the configured header; in order of priority. */
const keyHeaders = ["x-litellm-api-key", ...credentialHeaders, "api_token"];

/**
 * Who calls, by the route's rule. Throws `key_invalid`, or `key_unavailable` where no key can be valid.
 * A key that is shown and unknown is ignored where anyone may call.
 */
export function authenticate(call: Call, route: Route, rules: KeyRules): Principal {
  if (rules.masterKey !== null && showsKey(call, route, rules.masterKey, rules.keyHeader)) {
    return master;
  }
  if (route.auth === "anyone") return anonymous;
  if (route.auth === "local" && isAtThisMachine(call)) return anonymous;
  throw new GatewayError(rules.masterKey === null ? "key_unavailable" : "key_invalid", {
    headers: { "www-authenticate": "Bearer" },
  });
}

function showsKey(
  { request: { headers }, query }: Call,
  { callerKeyHeader, keyFromBasic }: Route,
  key: KeySecret,
  keyHeader: string | null,
): boolean {
  const own = [keyHeader, callerKeyHeader].filter((name) => name !== null);
  for (const name of [...own, ...keyHeaders]) {
    const value = headers.get(name);
    if (value !== null && value !== "" && key.matches(withoutScheme(value))) return true;
  }
  if (keyFromBasic) {
    const pair = basicCredentials(headers.get("authorization") ?? "");
    if (pair?.some((part) => part !== "" && key.matches(part)) === true) return true;
  }
  return query !== "" && geminiKey(query, key);
}

/** `?key=`, as Google's clients send it. */
function geminiKey(query: string, key: KeySecret): boolean {
  const value = new URLSearchParams(query).get("key");
  return value !== null && key.matches(value);
}
