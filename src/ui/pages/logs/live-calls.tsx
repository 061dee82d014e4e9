import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useApi } from "../../api.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import type { LogReply, LogsReply } from "../../replies.ts";
import { CallTable } from "./call-table.tsx";
import type { CallsProps } from "./paged-calls.tsx";
import { filtersOf, pageQueryOf, pageSize } from "./query.ts";
import { mergeTail, pageEveryMs, tailEveryMs, tailStart } from "./tail.ts";
import { type PauseReason, usePause } from "./use-pause.ts";

const nothing: readonly LogReply[] = [];

const words: Readonly<Record<PauseReason, string>> = {
  scrolled: "Paused while you read further down. Go back to the top to go on.",
  focused: "Paused while a row has the focus. Move on to go on.",
};

/** The newest calls, as they end. To be keyed by the filters: what other filters brought is not theirs. */
export function LiveCalls({ query, onQuery, now, empty, onTotal }: CallsProps) {
  const list = useRef<HTMLDivElement>(null);
  const reason = usePause(list);
  const pageQuery = pageQueryOf(query, now);
  const page = useApi<LogsReply>("/spend/logs/v2", pageQuery, {
    every: reason === null ? pageEveryMs : 0,
  });
  const filters = filtersOf(query, now);
  const first = typeof filters["start_date"] === "string" ? filters["start_date"] : null;
  const start = useMemo(() => tailStart(page.data?.data ?? nothing, first), [page.data, first]);
  const isAsked = reason === null && page.data !== undefined;
  const tail = useApi<LogsReply>(
    isAsked ? "/spend/logs/v2" : null,
    { ...filters, start_date: start, page_size: pageSize },
    { every: query.texts.search === undefined ? tailEveryMs : tailEveryMs * 3 },
  );
  const rows = useMemo(
    () =>
      page.data === undefined
        ? undefined
        : mergeTail(page.data.data, tail.data?.data ?? nothing, pageSize),
    [page.data, tail.data],
  );
  const isNew = useNewcomers(page.data?.data);
  useEffect(() => {
    const { data } = page;
    if (data !== undefined) onTotal({ count: data.total, isCapped: data.total_is_capped });
  }, [page.data, onTotal]);

  const error = page.error ?? tail.error;
  return (
    <div className="stack" ref={list}>
      <p className="logs-live-state" role="status">
        <span
          className={reason === null ? "logs-dot logs-dot-on" : "logs-dot"}
          aria-hidden="true"
        />
        {reason === null ? "Live: new calls appear at the top." : words[reason]}
      </p>
      {error !== undefined && (
        <ErrorNote
          error={error}
          what="The newest calls could not be read."
          retry={() => void Promise.all([page.reload(), tail.reload()])}
        />
      )}
      <CallTable rows={rows} query={query} onQuery={onQuery} empty={empty} isNew={isNew} />
    </div>
  );
}

/** Those that were not there at first. */
function useNewcomers(rows: readonly LogReply[] | undefined): (call: LogReply) => boolean {
  const [known, setKnown] = useState<ReadonlySet<string> | null>(null);
  useEffect(() => {
    if (rows === undefined) return;
    setKnown((before) => before ?? new Set(rows.map((call) => call.request_id)));
  }, [rows]);
  return useCallback((call) => known !== null && !known.has(call.request_id), [known]);
}
