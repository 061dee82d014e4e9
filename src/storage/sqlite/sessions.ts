import type { Database } from "bun:sqlite";
import type { SessionRecord, SessionStore } from "../../core/session-store.ts";
import { insertOf } from "./paging.ts";

type Row = {
  readonly digest: string;
  readonly id: string;
  readonly key_id: string | null;
  readonly key_digest: string;
  readonly created_at: number;
  readonly seen_at: number;
  readonly user_agent: string;
};

/** The browser sessions of a key store; the oldest come first. */
export function sessionsIn(database: Database): SessionStore {
  const byDigest = database.prepare<Row, [string]>("SELECT * FROM sessions WHERE digest = ?");
  const all = database.prepare<Row, []>("SELECT * FROM sessions ORDER BY created_at, id");
  const touch = database.prepare<null, [number, string]>(
    "UPDATE sessions SET seen_at = ? WHERE digest = ?",
  );
  const remove = database.prepare<null, [string]>("DELETE FROM sessions WHERE digest = ?");
  const removeOf = database.prepare<null, [string]>("DELETE FROM sessions WHERE key_id = ?");
  const removeStale = database.prepare<null, [number, number]>(
    "DELETE FROM sessions WHERE created_at < ? OR seen_at < ?",
  );
  return {
    session: (digest) => {
      const row = byDigest.get(digest);
      return row === null ? null : recordOf(row);
    },
    sessions: () => all.all().map(recordOf),
    addSession: (record) => {
      const row = rowOf(record);
      database.query<null, [Row]>(insertOf("sessions", Object.keys(row))).run(row);
    },
    touchSession: (digest, seenAt) => void touch.run(seenAt, digest),
    removeSession: (digest) => void remove.run(digest),
    removeSessionsOf: (keyId) => void removeOf.run(keyId),
    removeStaleSessions: (createdBefore, seenBefore) =>
      void removeStale.run(createdBefore, seenBefore),
  };
}

function rowOf(record: SessionRecord): Row {
  return {
    digest: record.digest,
    id: record.id,
    key_id: record.keyId,
    key_digest: record.keyDigest,
    created_at: record.createdAt,
    seen_at: record.seenAt,
    user_agent: record.userAgent,
  };
}

function recordOf(row: Row): SessionRecord {
  return {
    digest: row.digest,
    id: row.id,
    keyId: row.key_id,
    keyDigest: row.key_digest,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    userAgent: row.user_agent,
  };
}
