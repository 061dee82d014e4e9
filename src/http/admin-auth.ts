import { Elysia } from "elysia";
import { GatewayError } from "../core/errors.ts";
import { type KeySecret, withoutScheme } from "../core/key.ts";
import type { KeyBook } from "../core/key-book.ts";
import type { KeyRecord } from "../core/key-record.ts";
import type { NanoUsd } from "../core/money.ts";
import type { Standings } from "../core/spend.ts";
import type { Entrance } from "../core/types.ts";
import { checkAddress, clientAddress } from "../gateway/check-address.ts";
import type { GatewayRules } from "../gateway/pipeline.ts";
import type { FailedAttempts } from "./failed-attempts.ts";
import { keyInForce } from "./key-in-force.ts";
import type { Sessions } from "./session-book.ts";
import { shownSession } from "./session-request.ts";

/** What the admin API asks of the world. */
export interface AdminDeps {
  readonly rules: () => GatewayRules;
  /** `admin_hosts`, in lower case. */
  readonly adminHosts: () => ReadonlySet<string>;
  readonly entrance: Entrance;
  readonly book: KeyBook;
  readonly standings: Standings;
  /** Books spend that came from elsewhere, or takes off what was spent. */
  readonly adjust: (scope: string, nanoUsd: NanoUsd) => void;
  /** No virtual key may be the same; null where there is none, or no config to name one. */
  readonly masterKey: () => KeySecret | null;
  readonly failures: FailedAttempts;
  /** Of browsers; null where none comes in. */
  readonly sessions: Sessions | null;
  /** Who comes in here is an admin without a key, under this name: the operating system has seen to it. Else null. */
  readonly trusted: string | null;
}

/** Who asks the admin API. */
export interface AdminCaller {
  /** For the audit log: `master key`, the key's id, or the name of a trusted entrance. */
  readonly actor: string;
  readonly isAdmin: boolean;
  /** The key that was shown, or that the session was opened with; null for the master key and a trusted entrance. */
  readonly key: KeyRecord | null;
}

const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)$/i;

/**
 * Adds three macros, each for routes that answer only under their own names. `admin`: to the master key and admin
 * keys alone, `actor` being who it is. `anyKey`: to every valid key, `caller` being whose. `openToAll`: to everybody.
 */
export const adminAuth = (deps: AdminDeps) =>
  new Elysia({ name: "admin-auth" }).macro({
    admin: {
      // Arrow functions, not methods: Elysia reads their source, and misreads minified methods.
      resolve: ({ request }) => ({ actor: adminOf(request, deps).actor }),
    },
    anyKey: {
      resolve: ({ request }) => ({ caller: callerOf(request, deps) }),
    },
    openToAll: {
      resolve: ({ request }) => {
        if (deps.trusted === null) checkEntrance(request, deps);
        return {};
      },
    },
  });

function adminOf(request: Request, deps: AdminDeps): AdminCaller {
  const caller = callerOf(request, deps);
  if (!caller.isAdmin) throw new GatewayError("admin_only");
  return caller;
}

/** A key that is shown goes before the session's cookie, which the browser adds to whatever it sends. */
function callerOf(request: Request, deps: AdminDeps): AdminCaller {
  if (deps.trusted !== null) return { actor: deps.trusted, isAdmin: true, key: null };
  const address = checkEntrance(request, deps);
  const { masterKey, keyHeader } = deps.rules().keys;
  if (masterKey === null) throw new GatewayError("key_unavailable");
  const token = shownKey(request.headers, keyHeader);
  if (token !== "") return callerOfKey(token, address, deps);
  const shown = shownSession(request, deps);
  if (shown === null) throw invalid(); // neither is no guess
  return { actor: shown.session.actor, isAdmin: true, key: shown.session.key };
}

/** Whose key it is. Throws `key_invalid`, and `too_many_failures` where `address` guessed too often. */
export function callerOfKey(token: string, address: string, deps: AdminDeps): AdminCaller {
  const { masterKey } = deps.rules().keys;
  if (masterKey?.matches(token) === true) {
    deps.failures.succeeded(address);
    return { actor: "master key", isAdmin: true, key: null };
  }
  const key = masterKey === null ? null : keyInForce(deps.book.find(token), deps.book);
  if (key === null) {
    deps.failures.check(address); // after the look-up: a right key never waits for somebody else's guesses
    deps.failures.failed(address);
    throw invalid();
  }
  const isAdmin = key.role === "proxy_admin";
  if (isAdmin) deps.failures.succeeded(address);
  return { actor: key.id, isAdmin, key };
}

/** Whether the caller may knock at all; his address. Throws `address_not_allowed` and `host_not_served`. */
export function checkEntrance(request: Request, deps: AdminDeps): string {
  const { addresses } = deps.rules();
  const headers = request.headers.toJSON();
  const peer = () => deps.entrance.addressOf(request);
  checkAddress(peer, headers, addresses);
  checkHost(request, deps.adminHosts());
  return clientAddress(peer(), headers, addresses.proxies);
}

/** A name that is rebound to this address is not one of ours. */
function checkHost(request: Request, adminHosts: ReadonlySet<string>): void {
  const host = (request.headers.get("host") ?? "").toLowerCase().replace(/:\d+$/, "");
  if (!loopbackHost.test(host) && !adminHosts.has(host)) throw new GatewayError("host_not_served");
}

/** Empty where there is none. */
function shownKey(headers: Headers, keyHeader: string | null): string {
  const custom = keyHeader === null ? null : headers.get(keyHeader);
  const shown = custom ?? headers.get("x-litellm-api-key") ?? headers.get("authorization");
  return withoutScheme(shown ?? "");
}

/** One answer for unknown, blocked, expired and revoked keys: nobody finds out which keys there are. */
function invalid(): GatewayError {
  return new GatewayError("key_invalid", { headers: { "www-authenticate": "Bearer" } });
}
