import { type ReactNode, useMemo } from "react";
import { DataTable } from "../../parts/data-table.tsx";
import { useRouteName } from "../../parts/route-name.tsx";
import { callHref } from "../../hrefs.ts";
import type { LogReply } from "../../replies.ts";
import { columnsOf } from "./columns.tsx";
import { type LogQuery, type SortColumn, withFilters, writeLogQuery } from "./query.ts";

export interface CallTableProps {
  readonly rows: readonly LogReply[] | undefined;
  readonly query: LogQuery;
  readonly onQuery: (next: LogQuery) => void;
  readonly empty: ReactNode;
  /** Came while one looked. */
  readonly isNew?: (call: LogReply) => boolean;
}

const none = () => false;

/** Calls, each with a link to all that is known of it. */
export function CallTable({ rows, query, onQuery, empty, isNew = none }: CallTableProps) {
  const routeName = useRouteName();
  const columns = useMemo(() => columnsOf({ isNew, routeName }), [isNew, routeName]);
  const filters = writeLogQuery({ ...query, page: 1, live: false }).toString();
  return (
    <DataTable
      caption="Calls"
      columns={columns}
      rows={rows}
      rowKey={(call) => call.request_id}
      href={({ request_id: id }) => callHref(id, filters)}
      sort={{ by: query.sortBy, descending: query.descending }}
      onSort={({ by, descending }) =>
        onQuery(withFilters(query, { sortBy: sortColumn(by), descending }))
      }
      empty={empty}
    />
  );
}

function sortColumn(id: string): SortColumn {
  return id === "spend" || id === "request_duration_ms" || id === "http_status" ? id : "startTime";
}
