/** A signed-in browser. Times are epoch milliseconds. */
export interface SessionRecord {
  /** `KeyDigester.digest` of the cookie's token: the token itself is kept nowhere. */
  readonly digest: string;
  /** For lists and for revoking: says nothing of the token. */
  readonly id: string;
  /** The admin key's id, or null for the master key. */
  readonly keyId: string | null;
  /** Tells the master key, or the key, of the sign-in from a later one: `KeyDigester.digest` of it. */
  readonly keyDigest: string;
  readonly createdAt: number;
  readonly seenAt: number;
  /** The browser's `user-agent`, cut to 200 characters. */
  readonly userAgent: string;
}

/** Where sessions are kept: they outlive a restart. */
export interface SessionStore {
  session(digest: string): SessionRecord | null;
  sessions(): readonly SessionRecord[];
  addSession(record: SessionRecord): void;
  touchSession(digest: string, seenAt: number): void;
  removeSession(digest: string): void;
  /** Those that were opened with this key. */
  removeSessionsOf(keyId: string): void;
  /** Those created before the one, or not seen since the other. */
  removeStaleSessions(createdBefore: number, seenBefore: number): void;
}
