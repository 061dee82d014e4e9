import { type ReactNode, useEffect } from "react";
import { useApi } from "../../api.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Pager } from "../../parts/pager.tsx";
import type { LogsReply } from "../../replies.ts";
import { CallTable } from "./call-table.tsx";
import { type LogQuery, pageQueryOf } from "./query.ts";

export interface CallsProps {
  readonly query: LogQuery;
  readonly onQuery: (next: LogQuery) => void;
  /** Epoch milliseconds: where "the last hour" ends. */
  readonly now: number;
  readonly empty: ReactNode;
  readonly onTotal: (total: CallTotal) => void;
}

/** How many calls the filters take. */
export interface CallTotal {
  readonly count: number;
  /** There are more. */
  readonly isCapped: boolean;
}

/** The log, page by page: one request for each. */
export function PagedCalls({ query, onQuery, now, empty, onTotal }: CallsProps) {
  const { data, error, isLoading, reload } = useApi<LogsReply>(
    "/spend/logs/v2",
    pageQueryOf(query, now),
  );
  useEffect(() => {
    if (data !== undefined) onTotal({ count: data.total, isCapped: data.total_is_capped });
  }, [data, onTotal]);

  if (error !== undefined) {
    return (
      <ErrorNote error={error} what="The calls could not be read." retry={() => void reload()} />
    );
  }
  return (
    <div className="stack" aria-busy={isLoading}>
      <CallTable rows={data?.data} query={query} onQuery={onQuery} empty={empty} />
      {data !== undefined && data.total > 0 && (
        <Pager
          page={data.page}
          pages={data.total_pages}
          total={data.total}
          isCapped={data.total_is_capped}
          onPage={(page) => onQuery({ ...query, page, live: false })}
        />
      )}
    </div>
  );
}
