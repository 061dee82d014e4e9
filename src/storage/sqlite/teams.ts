import type { Database } from "bun:sqlite";
import type { KeyStore } from "../../core/key-store.ts";
import type { TeamRecord } from "../../core/key-record.ts";
import { insertOf, pageOf, updateOf } from "./paging.ts";
import { type PayerRow, payerOf, payerRow } from "./payer-row.ts";

type Teams = Pick<KeyStore, "team" | "teams" | "addTeam" | "putTeam" | "removeTeam">;

/** The teams of a key store. */
export function teamsIn(database: Database): Teams {
  const byId = database.prepare<PayerRow, [string]>("SELECT * FROM teams WHERE id = ?");
  const remove = database.prepare("DELETE FROM teams WHERE id = ?");
  return {
    team: (id) => {
      const row = byId.get(id);
      return row === null ? null : payerOf(row);
    },
    teams: (page) => {
      const selection = { from: "teams", order: "created_at DESC, id", conditions: [] };
      const { items, total } = pageOf<PayerRow>(database, selection, page);
      return { items: items.map(payerOf), total };
    },
    addTeam: (record) => write(insertOf, record),
    putTeam: (record) => write(updateOf, record),
    removeTeam: (id) => void remove.run(id),
  };

  function write(sql: typeof insertOf, record: TeamRecord): void {
    const row = payerRow(record);
    database.query<null, [PayerRow]>(sql("teams", Object.keys(row))).run(row);
  }
}
