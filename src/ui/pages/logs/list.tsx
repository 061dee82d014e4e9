import { useCallback, useMemo, useState } from "react";
import { Button } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ExportDialog } from "./export-dialog.tsx";
import { Filters } from "./filters.tsx";
import { FirstCall } from "./first-call.tsx";
import { LiveCalls } from "./live-calls.tsx";
import { LiveSwitch } from "./live-switch.tsx";
import { type CallTotal, PagedCalls } from "./paged-calls.tsx";
import { hasFilters, type LogQuery, readLogQuery, writeLogQuery } from "./query.ts";
import { useLogQuery } from "./use-log-query.ts";
import "./logs.css";

/** Logs: every call, live and back as far as the log goes. */
export function LogsPage() {
  const [query, setQuery] = useLogQuery();
  const [total, setTotal] = useState<CallTotal | null>(null);
  const [isExporting, setExporting] = useState(false);
  const [looks, setLooks] = useState(0);
  const filters = writeLogQuery({ ...query, page: 1, live: false }).toString();
  const now = useMemo(() => Date.now(), [filters, looks]);
  const change = useCallback((next: LogQuery) => setQuery(next), [setQuery]);
  const Calls = query.live ? LiveCalls : PagedCalls;

  return (
    <div className="stack">
      <PageHeader
        title="Logs"
        description="Every call of known callers and of open routes. Calls refused before it was known who calls are counted under Health."
        actions={
          <>
            <LiveSwitch query={query} onQuery={change} />
            {!query.live && <Button onClick={() => setLooks(looks + 1)}>Refresh</Button>}
            <Button onClick={() => setExporting(true)}>Export…</Button>
          </>
        }
      />
      <Filters query={query} onQuery={change} />
      <Calls
        key={query.live ? `live ${filters}` : "paged"}
        query={query}
        onQuery={change}
        now={now}
        empty={<NoCalls query={query} onQuery={change} />}
        onTotal={setTotal}
      />
      {isExporting && (
        <ExportDialog query={query} now={now} total={total} onClose={() => setExporting(false)} />
      )}
    </div>
  );
}

interface NoCallsProps {
  readonly query: LogQuery;
  readonly onQuery: (next: LogQuery) => void;
}

function NoCalls({ query, onQuery }: NoCallsProps) {
  if (!hasFilters(query)) return <FirstCall />;
  return (
    <EmptyState
      title="No call fits these filters."
      text="Take one of them out, or look at a longer time."
    >
      <Button onClick={() => onQuery({ ...readLogQuery(new URLSearchParams()), live: query.live })}>
        Clear all filters
      </Button>
    </EmptyState>
  );
}
