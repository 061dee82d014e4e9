import type { Database } from "bun:sqlite";
import type { KeyFilter, KeyOrder, ListOrder } from "../../core/key-book.ts";
import type { KeyRecord } from "../../core/key-record.ts";
import type { KeyStore } from "../../core/key-store.ts";
import type { Condition } from "./conditions.ts";
import { insertOf, pageOf, updateOf } from "./paging.ts";
import { type PayerRow, payerOf, payerRow } from "./payer-row.ts";

type Keys = Pick<
  KeyStore,
  "find" | "key" | "byAlias" | "ofTeam" | "list" | "addKey" | "putKey" | "removeKey"
>;

type KeyRow = PayerRow & {
  readonly digest: string;
  readonly name: string;
  readonly team_id: string | null;
  readonly user_id: string | null;
  readonly role: string | null;
  readonly expires_at: number | null;
  readonly soft_budget_nano_usd: number | null;
};

/** The keys of a key store that are in force, and whether others are revoked. */
export function keysIn(database: Database): Keys {
  const by = (column: string) =>
    database.prepare<KeyRow, [string]>(`SELECT * FROM keys WHERE ${column} = ?`);
  const [byDigest, byId, byAlias, byTeam] = [by("digest"), by("id"), by("alias"), by("team_id")];
  const revoked = database.prepare<{ key_id: string }, [string]>(
    "SELECT key_id FROM revoked WHERE digest = ?",
  );
  const remove = database.prepare("DELETE FROM keys WHERE id = ?");
  return {
    find: (digest) => keyOf(byDigest.get(digest)) ?? (revoked.get(digest) && "revoked"),
    key: (id) => keyOf(byId.get(id)),
    byAlias: (alias) => keyOf(byAlias.get(alias)),
    ofTeam: (teamId) => byTeam.all(teamId).map(recordOf),
    list: (filter, order, page) => {
      const selection = {
        from: "keys",
        order: orderOf(order),
        conditions: conditionsOf(filter),
      };
      const { items, total } = pageOf<KeyRow>(database, selection, page);
      return { items: items.map(recordOf), total };
    },
    addKey: (record) => write(insertOf, record),
    putKey: (record) => write(updateOf, record),
    removeKey: (id) => void remove.run(id),
  };

  function write(sql: typeof insertOf, record: KeyRecord): void {
    const row = keyRow(record);
    database.query<null, [KeyRow]>(sql("keys", Object.keys(row))).run(row);
  }
}

function keyRow(record: KeyRecord): KeyRow {
  return {
    ...payerRow(record),
    digest: record.digest,
    name: record.name,
    team_id: record.teamId,
    user_id: record.userId,
    role: record.role,
    expires_at: record.expiresAt,
    soft_budget_nano_usd: record.softBudgetNanoUsd,
  };
}

function keyOf(row: KeyRow | null): KeyRecord | null {
  return row === null ? null : recordOf(row);
}

function recordOf(row: KeyRow): KeyRecord {
  return {
    ...payerOf(row),
    digest: row.digest,
    name: row.name,
    teamId: row.team_id,
    userId: row.user_id,
    role: row.role === "proxy_admin" ? row.role : null,
    expiresAt: row.expires_at,
    softBudgetNanoUsd: row.soft_budget_nano_usd,
  };
}

function conditionsOf({ teamId, userId, alias, substring, id }: KeyFilter): Condition[] {
  return [
    ["team_id = ?", teamId],
    ["user_id = ?", userId],
    [substring === true ? "instr(lower(alias), lower(?)) > 0" : "alias = ?", alias],
    ["id = ?", id],
  ];
}

const orderColumns: Readonly<Record<KeyOrder, string>> = {
  createdAt: "created_at",
  updatedAt: "updated_at",
  alias: "alias",
  expiresAt: "expires_at",
  maxBudget: "max_budget_nano_usd",
};

function orderOf({ by, descending }: ListOrder): string {
  const direction = descending ? "DESC" : "ASC";
  return `${orderColumns[by]} ${direction} NULLS LAST, id ${direction}`;
}
