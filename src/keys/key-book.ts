import type { KeyBook } from "../core/key-book.ts";
import { type KeyDigester, keyPrefix } from "../core/key.ts";
import type { KeyStore } from "../core/key-store.ts";
import { AuditTrail } from "./audit-trail.ts";
import {
  changeKey,
  createKey,
  importKeys,
  mustHave,
  namesake,
  regenerateKey,
  revokeKeys,
  type Tools,
} from "./key-changes.ts";
import { KeyRing } from "./key-ring.ts";
import { changeTeam, createTeam, removeTeams } from "./team-changes.ts";

export interface KeyBookOptions {
  readonly store: KeyStore;
  readonly digester: KeyDigester;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Told of an imported key's digest that could not be replaced on its first use; the key is valid all the same. */
  readonly onFault?: (error: unknown) => void;
}

/** The keys and teams of a store. Throws a `StoreError` where it cannot be read. */
export function openKeyBook(options: KeyBookOptions): KeyBook {
  const { store, digester, now = Date.now, onFault = () => {} } = options;
  const ring = new KeyRing({ store, digester, now, onFault });
  const audit = new AuditTrail(store, now);
  const tools: Tools = { store, digester, ring, audit, now };
  return {
    find: (token) => ring.find(token),
    team: (id) => ring.team(id),
    create: (changes, own, actor) => createKey(tools, changes, own, actor),
    change: (id, changes, actor) => changeKey(tools, id, changes, actor),
    regenerate: (id, changes, own, actor) => regenerateKey(tools, id, { changes, own }, actor),
    revoke: (ids, actor) => {
      revokeKeys(tools, () => [...new Set(ids)].map((id) => mustHave(store, id)), actor);
    },
    namesake: (key) => namesake(tools, key),
    importAll: (keys, actor) => importKeys(tools, keys, actor),
    key: store.key,
    byReference: (reference) => {
      if (!reference.startsWith(keyPrefix)) return store.key(reference);
      const found = ring.find(reference);
      return found === "revoked" ? null : found;
    },
    byAlias: store.byAlias,
    list: store.list,
    createTeam: (id, changes, actor) => createTeam(tools, id, changes, actor),
    changeTeam: (id, changes, actor) => changeTeam(tools, id, changes, actor),
    removeTeams: (ids, actor) => removeTeams(tools, ids, actor),
    teams: store.teams,
    audit,
    refresh: () => ring.refresh(),
    close: store.close,
  };
}
