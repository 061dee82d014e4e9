import { useMemo } from "react";
import { useSearchParams } from "wouter";
import { rootPath, useApi } from "../../api.ts";
import { curlToChange } from "../../curl.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { Pager } from "../../parts/pager.tsx";
import { Time } from "../../parts/time.tsx";
import type { AuditReply, AuditsReply } from "../../replies.ts";
import { Changes } from "./changes.tsx";
import { Filters } from "./filters.tsx";
import { Actor, Subject } from "./names.tsx";
import {
  type AuditQuery,
  hasFilters,
  noFilters,
  pageQueryOf,
  readAuditQuery,
  writeAuditQuery,
} from "./query.ts";
import { actionText } from "./words.ts";
import "./audit.css";

/** Audit: who changed what, the newest first. */
export function AuditPage() {
  const [params, setParams] = useSearchParams();
  const address = params.toString();
  const query = useMemo(() => readAuditQuery(new URLSearchParams(address)), [address]);
  const setQuery = (next: AuditQuery) => setParams(writeAuditQuery(next));
  const { data, error, isLoading, reload } = useApi<AuditsReply>("/audit", pageQueryOf(query));
  const filters = writeAuditQuery({ ...query, page: 1 }).toString();
  return (
    <>
      <PageHeader
        title="Audit"
        description="Every change to routes, keys, teams and the configuration, the newest first. Secrets are masked."
        actions={<Button onClick={() => void reload()}>Refresh</Button>}
      />
      <Filters key={filters} query={query} onQuery={setQuery} />
      {error !== undefined && (
        <ErrorNote
          error={error}
          what="The changes could not be read."
          retry={() => void reload()}
        />
      )}
      {error === undefined && (
        <div className="stack audit-entries" aria-busy={isLoading}>
          <DataTable
            caption="Changes, the newest first"
            columns={columns}
            rows={data?.audit_logs}
            rowKey={({ id }) => id}
            empty={<NoChanges query={query} onQuery={setQuery} />}
          />
          {data !== undefined && data.total > 0 && (
            <Pager
              page={data.page}
              pages={data.total_pages}
              total={data.total}
              onPage={(page) => setQuery({ ...query, page })}
            />
          )}
        </div>
      )}
    </>
  );
}

const columns: readonly Column<AuditReply>[] = [
  { id: "at", header: "When", cell: ({ at }) => <Time at={at} /> },
  { id: "actor", header: "Who", cell: ({ actor }) => <Actor actor={actor} /> },
  {
    id: "action",
    header: "What",
    cell: ({ action, after }) => <Badge kind={kindOf(action)}>{actionText(action, after)}</Badge>,
  },
  { id: "subject", header: "Of", cell: (entry) => <Subject entry={entry} /> },
  { id: "changes", header: "Before and after", cell: (entry) => <Changes entry={entry} /> },
];

function kindOf(action: string) {
  if (/\.(?:create|import)$/.test(action)) return "ok";
  if (/\.(?:remove|revoke)$/.test(action)) return "bad";
  return action.startsWith("session.") ? "neutral" : "info";
}

interface NoChangesProps {
  readonly query: AuditQuery;
  readonly onQuery: (next: AuditQuery) => void;
}

function NoChanges({ query, onQuery }: NoChangesProps) {
  if (query.page > 1) {
    return (
      <EmptyState title="This page is empty." text="The list is shorter than that.">
        <Button onClick={() => onQuery({ ...query, page: 1 })}>To the first page</Button>
      </EmptyState>
    );
  }
  if (hasFilters(query)) {
    return (
      <EmptyState
        title="No change fits."
        text="Ids and actors have to be written in full. Choose a longer time, or another action."
      >
        <Button onClick={() => onQuery(noFilters)}>Show all changes</Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Nothing was changed yet."
      text="Each change made here, through the API or from the shell is written down: this one would be the first."
    >
      <CodeBlock text={curlToReload()} label="curl command that reloads the configuration" wrap />
    </EmptyState>
  );
}

function curlToReload(): string {
  return curlToChange(location.origin + rootPath, "/config/reload");
}
