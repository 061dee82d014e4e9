import type { KeyRecord, Keys, TeamRecord } from "./key-record.ts";

/** What a caller may set of a record; what is left out stays, or gets its default. */
export type KeyChanges = Partial<
  Omit<KeyRecord, "id" | "digest" | "name" | "createdAt" | "createdBy" | "updatedAt" | "updatedBy">
>;

export type TeamChanges = Partial<
  Omit<TeamRecord, "id" | "createdAt" | "createdBy" | "updatedAt" | "updatedBy">
>;

/** A key in clear text, which is shown this once and kept nowhere. */
export interface IssuedKey {
  readonly key: string;
  readonly record: KeyRecord;
}

/** A key of LiteLLM's exported token table. */
export interface ImportedKey {
  /** Plain SHA-256 of the key, in hex: replaced by our own digest when the key is first used. */
  readonly sha256: string;
  readonly name: string;
  readonly createdAt: number;
  readonly changes: KeyChanges;
}

/** What an import did. */
export interface ImportOutcome {
  /** Those that were not here; their digests are `ImportedKey.sha256`. */
  readonly added: readonly KeyRecord[];
  /** Ids of teams that were made because a key named them: without an alias and without limits. */
  readonly addedTeams: readonly string[];
}

export interface KeyFilter {
  readonly teamId?: string;
  readonly userId?: string;
  readonly alias?: string;
  /** `alias` may stand anywhere in the name. */
  readonly substring?: boolean;
  readonly id?: string;
}

export type KeyOrder = "createdAt" | "updatedAt" | "alias" | "expiresAt" | "maxBudget";

export interface ListOrder {
  readonly by: KeyOrder;
  readonly descending: boolean;
}

/** Part of a list; pages count from 1. */
export interface PageRequest {
  readonly page: number;
  readonly size: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly total: number;
  /** There are so many at least: counting all of them would take too long. */
  readonly isCapped?: boolean;
}

/** One change that an admin made. `before` and `after` are JSON, secrets masked; null where there is nothing. */
export interface AuditEntry {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** `master key`, or the id of the admin key. */
  readonly actor: string;
  /** `key.create`, `team.change`, `config.reload`, … */
  readonly action: string;
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface AuditFilter {
  readonly action?: string;
  readonly subject?: string;
  readonly actor?: string;
  readonly since?: number;
  readonly until?: number;
}

export interface AuditLog {
  record(entry: Omit<AuditEntry, "id" | "at">): void;
  list(filter: AuditFilter, page: PageRequest): Page<AuditEntry>;
}

/**
 * Keys and teams, and every way to change them. A change is kept and in the audit log, or it did not happen; the
 * next call sees it. `actor` is who makes it. Throws `request_invalid` with a sentence for what cannot be (an alias
 * or a key that is taken, a team that is not there), `not_found` for an id that nobody has.
 */
export interface KeyBook extends Keys {
  /** `own`: the key itself, where the caller brings it. */
  create(changes: KeyChanges, own: string | null, actor: string): IssuedKey;
  change(id: string, changes: KeyChanges, actor: string): KeyRecord;
  /** A new key under the same id: limits and spend stay, the old one is revoked. */
  regenerate(id: string, changes: KeyChanges, own: string | null, actor: string): IssuedKey;
  /** All or none. */
  revoke(ids: readonly string[], actor: string): void;
  /** Who has the alias that a key would come with; null where nobody has, or the key was imported before. */
  namesake(key: ImportedKey): KeyRecord | null;
  /** All or none; those that were imported before are left alone, whatever became of them. */
  importAll(keys: readonly ImportedKey[], actor: string): ImportOutcome;
  key(id: string): KeyRecord | null;
  /** By the key itself or by its id, revoked ones left out. */
  byReference(reference: string): KeyRecord | null;
  byAlias(alias: string): KeyRecord | null;
  list(filter: KeyFilter, order: ListOrder, page: PageRequest): Page<KeyRecord>;
  /** `id`: chosen by the caller, or null for a new one. */
  createTeam(id: string | null, changes: TeamChanges, actor: string): TeamRecord;
  changeTeam(id: string, changes: TeamChanges, actor: string): TeamRecord;
  /** Their keys go with them. All or none. */
  removeTeams(ids: readonly string[], actor: string): void;
  teams(page: PageRequest): Page<TeamRecord>;
  readonly audit: AuditLog;
  /** Sees what another process changed. Cheap while there is nothing (3 µs): to be called several times a second. */
  refresh(): void;
  close(): void;
}
