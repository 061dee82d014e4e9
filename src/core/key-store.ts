import type { EndpointStore } from "./endpoint-book.ts";
import type {
  AuditEntry,
  AuditFilter,
  KeyFilter,
  ListOrder,
  Page,
  PageRequest,
} from "./key-book.ts";
import type { FoundKey, KeyRecord, TeamRecord } from "./key-record.ts";
import type { SessionStore } from "./session-store.ts";

/** Which pepper the digests of a store were made with. */
export interface PepperMark {
  /** `KeyDigester.check`. */
  readonly check: string;
  /** Where it came from, for people: `TOLLGATE_SALT_KEY`, or a file. */
  readonly source: string;
}

/**
 * What the key book, the endpoint book and sessions keep, and where they find it again. `StoreError`s come from
 * `digests`, `find`, `endpoints` and `atomically`.
 */
export interface KeyStore extends EndpointStore, SessionStore {
  /** Of every key, revoked ones too. */
  digests(): readonly string[];
  find(digest: string): FoundKey | null;
  key(id: string): KeyRecord | null;
  byAlias(alias: string): KeyRecord | null;
  ofTeam(teamId: string): readonly KeyRecord[];
  list(filter: KeyFilter, order: ListOrder, page: PageRequest): Page<KeyRecord>;
  addKey(record: KeyRecord): void;
  /** In the place of the record with this id. */
  putKey(record: KeyRecord): void;
  removeKey(id: string): void;
  /** From now on `find` says "revoked". */
  addRevoked(digest: string, keyId: string, at: number): void;
  /** A key or a revoked one gets another digest; nothing happens where there is none. */
  replaceDigest(from: string, to: string): void;
  /** Whether a key was imported before, whatever became of it; `digest` is `KeyDigester.digestOfSha256`. */
  wasImported(digest: string): boolean;
  addImported(digest: string): void;
  team(id: string): TeamRecord | null;
  teams(page: PageRequest): Page<TeamRecord>;
  addTeam(record: TeamRecord): void;
  putTeam(record: TeamRecord): void;
  /** None of its keys may be left. */
  removeTeam(id: string): void;
  addAudit(entry: AuditEntry): void;
  audit(filter: AuditFilter, page: PageRequest): Page<AuditEntry>;
  /** Null until one was set. */
  pepper(): PepperMark | null;
  setPepper(mark: PepperMark): void;
  /** Whether nothing needs the salt key: there is no digest (of an imported or revoked key either), and no sealed text. */
  isEmpty(): boolean;
  /** All that `work` writes, or nothing of it; nobody else writes meanwhile. */
  atomically<T>(work: () => T): T;
  /** Another number whenever another process has written. */
  version(): number;
  close(): void;
}
