import type { KeyBook } from "../core/key-book.ts";
import type { FoundKey, KeyRecord } from "../core/key-record.ts";

/** The key, unless it is blocked, expired or revoked, or its team is blocked or gone: then null, as for unknown ones. */
export function keyInForce(found: FoundKey | null, book: KeyBook): KeyRecord | null {
  if (found === null || found === "revoked" || found.blocked) return null;
  if (found.expiresAt !== null && found.expiresAt <= Date.now()) return null;
  if (found.teamId === null) return found;
  return book.team(found.teamId)?.blocked === false ? found : null;
}
