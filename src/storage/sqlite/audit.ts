import type { Database } from "bun:sqlite";
import type { AuditEntry, AuditFilter } from "../../core/key-book.ts";
import type { KeyStore } from "../../core/key-store.ts";
import type { Condition } from "./conditions.ts";
import { pageOf } from "./paging.ts";

type Row = {
  readonly id: string;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
};

/** The audit log of a key store: entries are added, never changed; the newest come first. */
export function auditIn(database: Database): Pick<KeyStore, "addAudit" | "audit"> {
  const add = database.prepare<null, [Row]>(
    "INSERT INTO audit (id, at, actor, action, subject, before, after) VALUES ($id, $at, $actor, $action, $subject, $before, $after)",
  );
  return {
    addAudit: (entry) => void add.run({ ...entry }),
    audit: (filter, page) => {
      const conditions = conditionsOf(filter);
      const selection = { from: "audit", order: "number DESC", conditions };
      const { items, total } = pageOf<Row>(database, selection, page);
      return { items: items.map(entryOf), total };
    },
  };
}

function entryOf({ id, at, actor, action, subject, before, after }: Row): AuditEntry {
  return { id, at, actor, action, subject, before, after };
}

function conditionsOf({ action, subject, actor, since, until }: AuditFilter): Condition[] {
  return [
    ["action = ?", action],
    ["subject = ?", subject],
    ["actor = ?", actor],
    ["at >= ?", since],
    ["at < ?", until],
  ];
}
