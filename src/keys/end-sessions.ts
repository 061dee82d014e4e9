import type { KeyRecord } from "../core/key-record.ts";
import type { KeyStore } from "../core/key-store.ts";

/**
 * Ends the sessions of a key that cannot sign in any more, in the transaction that changes it: they do not come back
 * with the key, also where nobody asked anything meanwhile, or another process made the change. `now`: epoch
 * milliseconds.
 */
export function endSessions(store: KeyStore, key: KeyRecord, now: number): void {
  if (!maySignIn(store, key, now)) store.removeSessionsOf(key.id);
}

/** The team is blocked. There are fewer sessions than a team may have keys. */
export function endSessionsOfTeam(store: KeyStore, teamId: string): void {
  const ids = new Set(store.sessions().map(({ keyId }) => keyId));
  for (const id of ids) {
    if (id !== null && store.key(id)?.teamId === teamId) store.removeSessionsOf(id);
  }
}

function maySignIn(store: KeyStore, key: KeyRecord, now: number): boolean {
  const { blocked, expiresAt, role, teamId } = key;
  if (blocked || role !== "proxy_admin" || (expiresAt !== null && expiresAt <= now)) return false;
  return teamId === null || store.team(teamId)?.blocked === false;
}
