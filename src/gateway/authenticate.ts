import { GatewayError } from "../core/errors.ts";
import type { KeyRecord, Principal, TeamRecord } from "../core/key-record.ts";
import type { Route } from "../core/routes.ts";
import type { Call } from "../core/types.ts";
import { isAtThisMachine } from "./at-this-machine.ts";
import { findKey, type KeyPlaces } from "./find-key.ts";

/** What authentication knows of the gateway's own keys. Where no master key is configured, no key is valid. */
export interface KeyRules extends KeyPlaces {}

const anonymous: Principal = { kind: "anonymous" };
const master: Principal = { kind: "master" };

/**
 * Who calls. Throws `key_invalid` where no key is shown and one is needed, and, also where anyone may call, for one of
 * ours that is expired, blocked or revoked, or whose team is blocked. All of these get one answer; the reason is the
 * error's `cause`, for the log. Throws `key_unavailable` where a key is needed and none can be valid.
 */
export function authenticate(call: Call, route: Route, rules: KeyRules): Principal {
  const shown = rules.masterKey === null ? null : findKey(call, route, rules);
  if (shown === "master") return master;
  if (shown === "revoked") throw refusal("revoked");
  if (shown !== null) return holderOf(shown, rules);
  if (route.auth === "anyone" || (route.auth === "local" && isAtThisMachine(call))) {
    return anonymous;
  }
  if (rules.masterKey === null) throw new GatewayError("key_unavailable", { headers: wanted });
  throw refusal("no key of this gateway");
}

function holderOf(key: KeyRecord, { keys }: KeyRules): Principal {
  if (key.blocked) throw refusal("blocked");
  if (key.expiresAt !== null && key.expiresAt <= Date.now()) throw refusal("expired");
  if (key.teamId === null) return { kind: "key", key, team: null };
  const team: TeamRecord | null = keys.team(key.teamId);
  if (team === null) throw refusal("its team is gone");
  if (team.blocked) throw refusal("its team is blocked");
  return { kind: "key", key, team };
}

const wanted = { "www-authenticate": "Bearer" };

function refusal(reason: string): GatewayError {
  return new GatewayError("key_invalid", { headers: wanted, cause: new Error(reason) });
}
