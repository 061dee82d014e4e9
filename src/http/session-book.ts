import { randomBytes } from "node:crypto";
import type { KeyBook } from "../core/key-book.ts";
import type { KeyRecord } from "../core/key-record.ts";
import type { KeyStore } from "../core/key-store.ts";
import type { SessionRecord, SessionStore } from "../core/session-store.ts";
import { StoreError } from "../core/store-error.ts";
import { keyInForce } from "./key-in-force.ts";

/** A signed-in browser, and who it is. Times are epoch milliseconds. */
export interface Session {
  readonly id: string;
  /** `master key`, or the admin key's id. */
  readonly actor: string;
  /** Null for the master key. */
  readonly key: KeyRecord | null;
  readonly createdAt: number;
  readonly seenAt: number;
  /** When it ends if nothing more is asked. */
  readonly expiresAt: number;
  readonly userAgent: string;
}

/** Who signs in. */
export interface SigningIn {
  /** As it was shown; kept is its digest. */
  readonly token: string;
  /** Null for the master key. */
  readonly key: KeyRecord | null;
  readonly userAgent: string;
}

/**
 * Signed-in browsers: 12 hours at most, and one without a request. A session is over as soon as its key could not
 * sign in any more: another master key is set, or the admin key is blocked, expired, revoked, regenerated or no
 * admin's any more (the key book ends them with the change itself). What opens and closes one is in the audit log.
 */
export interface Sessions {
  /** The cookie's value, which is kept nowhere. */
  open(who: SigningIn): string;
  /** By the cookie's value; null where there is none, or it is over. This counts as a request. */
  find(token: string): Session | null;
  /** By the cookie's value: closed by its own browser. */
  close(token: string): void;
  closeAll(actor: string): void;
  /** The last seen first. */
  list(): readonly Session[];
}

export interface SessionOptions {
  readonly store: SessionStore & Pick<KeyStore, "atomically">;
  readonly book: KeyBook;
  /** `KeyDigester.digest`. */
  readonly digest: (text: string) => string;
  /** Of the master key that is in force; null where there is none. */
  readonly masterKeyDigest: () => string | null;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

const longestMs = 12 * 60 * 60_000;
const longestIdleMs = 60 * 60_000;

/** That a session was seen is written down no sooner than so long after the last time. */
const touchMs = 60_000;

/** Beyond it those that were not seen for the longest time go. */
const maxSessions = 1_000;

/** 256 bits in base64url. */
const tokenShape = /^[\w-]{43}$/;

/** One object for all listeners. */
export function createSessions(options: SessionOptions): Sessions {
  const { store, book, digest, now = Date.now } = options;
  const live = (record: SessionRecord) => sessionOf(record, options, now());
  return {
    open: ({ token, key, userAgent }) => {
      const secret = randomBytes(32).toString("base64url");
      const record: SessionRecord = {
        digest: digest(secret),
        id: randomBytes(8).toString("hex"),
        keyId: key?.id ?? null,
        keyDigest: key?.digest ?? digest(token),
        createdAt: now(),
        seenAt: now(),
        userAgent: userAgent.slice(0, 200),
      };
      store.atomically(() => {
        makeRoom(store, now());
        store.addSession(record);
        book.audit.record(entryOf("session.open", record, key?.id ?? masterKeyActor));
      });
      return secret;
    },
    find: (token) => {
      const record = recordOf(token, options);
      if (record === null) return null;
      const session = live(record);
      if (session === null) quietly(store, () => store.removeSession(record.digest));
      else if (now() - record.seenAt >= touchMs) {
        quietly(store, () => store.touchSession(record.digest, now()));
      }
      return session;
    },
    close: (token) => {
      const record = recordOf(token, options);
      if (record !== null) close([record], options, actorOf(record));
    },
    closeAll: (actor) => close(store.sessions(), options, actor),
    list: () =>
      store
        .sessions()
        .map(live)
        .filter((session) => session !== null)
        .toSorted((a, b) => b.seenAt - a.seenAt),
  };
}

const masterKeyActor = "master key";

function actorOf({ keyId }: SessionRecord): string {
  return keyId ?? masterKeyActor;
}

function recordOf(token: string, { store, digest }: SessionOptions): SessionRecord | null {
  return tokenShape.test(token) ? store.session(digest(token)) : null;
}

/** Null where it is over. */
function sessionOf(record: SessionRecord, options: SessionOptions, now: number): Session | null {
  const { id, createdAt, seenAt, userAgent } = record;
  const expiresAt = Math.min(createdAt + longestMs, seenAt + longestIdleMs);
  if (expiresAt <= now) return null;
  const key = record.keyId === null ? null : adminKey(record.keyId, options.book);
  const keyDigest = record.keyId === null ? options.masterKeyDigest() : key?.digest;
  if (keyDigest !== record.keyDigest) return null;
  return { id, actor: actorOf(record), key, createdAt, seenAt, expiresAt, userAgent };
}

function adminKey(id: string, book: KeyBook): KeyRecord | null {
  const key = keyInForce(book.key(id), book);
  return key?.role === "proxy_admin" ? key : null;
}

function close(records: readonly SessionRecord[], options: SessionOptions, actor: string): void {
  const { store, book } = options;
  store.atomically(() => {
    for (const record of records) {
      store.removeSession(record.digest);
      book.audit.record(entryOf("session.close", record, actor));
    }
  });
}

function makeRoom(store: SessionStore, now: number): void {
  store.removeStaleSessions(now - longestMs, now - longestIdleMs);
  const longestUnseen = store.sessions().toSorted((a, b) => a.seenAt - b.seenAt);
  for (const { digest } of longestUnseen.slice(
    0,
    Math.max(0, longestUnseen.length + 1 - maxSessions),
  )) {
    store.removeSession(digest);
  }
}

/** Says who and with what browser; nothing of the key or the cookie. */
function entryOf(action: string, record: SessionRecord, actor: string) {
  const shown = JSON.stringify({ actor: actorOf(record), user_agent: record.userAgent });
  const opens = action === "session.open";
  return {
    actor,
    action,
    subject: record.id,
    before: opens ? null : shown,
    after: opens ? shown : null,
  };
}

/** On a full disk a session merely ends sooner, or is refused without being forgotten. */
function quietly(store: SessionOptions["store"], work: () => void): void {
  try {
    store.atomically(work);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
}
