import { randomBytes } from "node:crypto";
import { GatewayError } from "../core/errors.ts";
import type { ImportedKey, ImportOutcome, IssuedKey, KeyChanges } from "../core/key-book.ts";
import { isOwnKey, type KeyDigester, maskKey, newKey, sha256Of } from "../core/key.ts";
import type { KeyRecord } from "../core/key-record.ts";
import type { KeyStore } from "../core/key-store.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { endSessions } from "./end-sessions.ts";
import type { KeyRing } from "./key-ring.ts";
import { changed, invalid, type Making, newKeyRecord, newTeamRecord } from "./records.ts";

/** What changes are made with. */
export interface Tools {
  readonly store: KeyStore;
  readonly digester: KeyDigester;
  readonly ring: KeyRing;
  readonly audit: AuditTrail;
  readonly now: () => number;
}

/** Creates a key; `own` is the key itself, where the caller brings it. */
export function createKey(
  tools: Tools,
  changes: KeyChanges,
  own: string | null,
  actor: string,
): IssuedKey {
  const { store, ring, audit } = tools;
  const issued = store.atomically(() => {
    const { key, ...rest } = issue(tools, own);
    const record = checked(store, newKeyRecord(making(tools, actor), changes, rest));
    store.addKey(record);
    audit.key(actor, "key.create", { before: null, after: record });
    return { key, record };
  });
  ring.add(issued.record.digest);
  return issued;
}

export function changeKey(
  { store, ring, audit, now }: Tools,
  id: string,
  changes: KeyChanges,
  actor: string,
): KeyRecord {
  const after = store.atomically(() => {
    const before = mustHave(store, id);
    const record = checked(store, changed<KeyRecord>(before, changes, { at: now(), by: actor }));
    endSessions(store, before, now()); // one that had expired signed nobody out
    store.putKey(record);
    endSessions(store, record, now());
    audit.key(actor, "key.change", { before, after: record });
    return record;
  });
  ring.forget(after.digest);
  return after;
}

/** What a regenerated key gets: changes, and the key itself where the caller brings it. */
export interface Renewal {
  readonly changes: KeyChanges;
  readonly own: string | null;
}

export function regenerateKey(
  tools: Tools,
  id: string,
  { changes, own }: Renewal,
  actor: string,
): IssuedKey {
  const { store, ring, audit, now } = tools;
  const { before, ...issued } = store.atomically(() => {
    const old = mustHave(store, id);
    const { key, ...rest } = issue(tools, own);
    const by = { at: now(), by: actor };
    const record = checked(store, changed<KeyRecord>(old, { ...changes, ...rest }, by));
    store.putKey(record);
    store.addRevoked(old.digest, id, now());
    store.removeSessionsOf(id);
    audit.key(actor, "key.regenerate", { before: old, after: record });
    return { before: old, key, record };
  });
  ring.forget(before.digest);
  ring.add(issued.record.digest);
  return issued;
}

/** All or none of those that `find` gives; `then` is part of the same change. */
export function revokeKeys(
  { store, ring, audit, now }: Tools,
  find: () => readonly KeyRecord[],
  actor: string,
  then: () => void = () => {},
): void {
  const records = store.atomically(() => {
    const found = find();
    for (const record of found) {
      store.removeKey(record.id);
      store.addRevoked(record.digest, record.id, now());
      store.removeSessionsOf(record.id);
      audit.key(actor, "key.revoke", { before: record, after: null });
    }
    then();
    return found;
  });
  for (const { digest } of records) ring.forget(digest);
}

export function importKeys(
  tools: Tools,
  keys: readonly ImportedKey[],
  actor: string,
): ImportOutcome {
  const { store, ring } = tools;
  const outcome = store.atomically(() => {
    const added: KeyRecord[] = [];
    const addedTeams: string[] = [];
    for (const key of keys) {
      if (isHere(tools, key)) continue;
      const teamId = key.changes.teamId ?? null;
      if (teamId !== null && addTeam(tools, teamId, actor)) addedTeams.push(teamId);
      store.addImported(markOf(tools, key));
      added.push(importKey(tools, key, actor));
    }
    return { added, addedTeams };
  });
  for (const { digest } of outcome.added) ring.add(digest);
  return outcome;
}

export function namesake(tools: Tools, key: ImportedKey): KeyRecord | null {
  const alias = key.changes.alias ?? null;
  const found = alias === null ? null : tools.store.byAlias(alias);
  return found === null || isHere(tools, key) ? null : found;
}

/** It was imported before, whatever became of it since. */
function isHere(tools: Tools, key: ImportedKey): boolean {
  return tools.store.wasImported(markOf(tools, key)) || tools.store.find(key.sha256) !== null;
}

function markOf({ digester }: Tools, { sha256 }: ImportedKey): string {
  return digester.digestOfSha256(sha256);
}

function importKey(tools: Tools, key: ImportedKey, actor: string): KeyRecord {
  const { sha256, name, createdAt, changes } = key;
  const made = { ...making(tools, actor), at: createdAt };
  const record = newKeyRecord(made, changes, { digest: sha256, name });
  tools.store.addKey(checked(tools.store, record));
  tools.audit.key(actor, "key.import", { before: null, after: record });
  return record;
}

/** A team of which nothing but the id is known; false where it is there. */
function addTeam(tools: Tools, id: string, actor: string): boolean {
  if (tools.store.team(id) !== null) return false;
  const team = newTeamRecord({ ...making(tools, actor), id }, {});
  tools.store.addTeam(team);
  tools.audit.team(actor, "team.create", { before: null, after: team });
  return true;
}

/** A new record: its id, when it is made, and by whom. */
export function making({ now }: Pick<Tools, "now">, by: string): Making {
  return { id: randomBytes(16).toString("hex"), at: now(), by };
}

export function mustHave(store: KeyStore, id: string): KeyRecord {
  const record = store.key(id);
  if (record === null) throw new GatewayError("not_found");
  return record;
}

function checked(store: KeyStore, record: KeyRecord): KeyRecord {
  const namesake = record.alias === null ? null : store.byAlias(record.alias);
  if (namesake !== null && namesake.id !== record.id) {
    throw invalid(`The key ${namesake.name} (${namesake.id}) has this alias.`);
  }
  if (record.teamId !== null && store.team(record.teamId) === null) {
    throw invalid("There is no team with this team_id.");
  }
  return record;
}

/** The key itself with what is kept of it; one that is somebody's, or was, is refused. */
function issue({ store, digester }: Tools, own: string | null) {
  if (own !== null && !isOwnKey(own)) {
    throw invalid(
      "A key begins with sk- and has 16 to 256 characters: letters, digits, and . _ ~ + = -",
    );
  }
  const key = own ?? newKey();
  const digest = digester.digest(key);
  const plain = sha256Of(key);
  if (store.find(digest) !== null || store.find(plain) !== null) {
    throw invalid("This key is taken, or was once.");
  }
  return { key, digest, name: maskKey(key) };
}
