import type { Database } from "bun:sqlite";
import type { EndpointRecord, EndpointStore } from "../../core/endpoint-book.ts";
import { insertOf, updateOf } from "./paging.ts";

type Row = {
  readonly id: string;
  readonly version: number;
  readonly settings: string;
  readonly sealed: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly updated_at: number;
  readonly updated_by: string;
};

/** The endpoints of a key store that were made through the API. */
export function endpointsIn(database: Database): EndpointStore {
  const all = database.prepare<Row, []>("SELECT * FROM endpoints ORDER BY number");
  const remove = database.prepare("DELETE FROM endpoints WHERE id = ?");
  return {
    endpoints: () => all.all().map(recordOf),
    addEndpoint: (record) => write(insertOf, record),
    putEndpoint: (record) => write(updateOf, record),
    removeEndpoint: (id) => void remove.run(id),
  };

  function write(sql: typeof insertOf, record: EndpointRecord): void {
    const row = rowOf(record);
    database.query<null, [Row]>(sql("endpoints", Object.keys(row))).run(row);
  }
}

/** Whether anything in the table is sealed. */
export function sealedIn(database: Database): () => boolean {
  const any = database.prepare("SELECT 1 FROM endpoints WHERE sealed <> '{}' LIMIT 1");
  return () => any.get() !== null;
}

function rowOf(record: EndpointRecord): Row {
  return {
    id: record.id,
    version: record.version,
    settings: record.settings,
    sealed: JSON.stringify(record.sealed),
    created_at: record.createdAt,
    created_by: record.createdBy,
    updated_at: record.updatedAt,
    updated_by: record.updatedBy,
  };
}

function recordOf(row: Row): EndpointRecord {
  return {
    id: row.id,
    version: row.version,
    settings: row.settings,
    sealed: JSON.parse(row.sealed),
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}
