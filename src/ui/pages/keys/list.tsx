import { useMemo, useState } from "react";
import { useSearchParams } from "wouter";
import { useApi } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { Pager } from "../../parts/pager.tsx";
import type { KeysReply } from "../../replies.ts";
import { keyColumns } from "./columns.tsx";
import { CreateDialog } from "./create-dialog.tsx";
import { KeyFilters } from "./filters.tsx";
import { type IssuedKey, IssuedDialog } from "./issued-dialog.tsx";
import {
  asksForMuch,
  isNarrowed,
  keyListQuery,
  type KeyQuery,
  readKeyQuery,
  sortOf,
  writeKeyQuery,
} from "./key-query.ts";
import { keyHref } from "../../hrefs.ts";
import { NoKeys } from "./no-keys.tsx";
import { useTeamNames } from "./team-choice.tsx";
import "../../payers/payers.css";
import "./keys.css";

/** Keys: who may call, and how much. */
export function KeysPage() {
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const query = useMemo(() => readKeyQuery(new URLSearchParams(text)), [text]);
  const [isCreating, setCreating] = useState(false);
  const [issued, setIssued] = useState<IssuedKey | null>(null);
  const change = (next: KeyQuery) => setParams(writeKeyQuery(next));
  return (
    <>
      <PageHeader
        title="Keys"
        description="What applications show to call routes of this gateway, with limits, budgets and spend."
        actions={
          <Button kind="primary" onClick={() => setCreating(true)}>
            Create a key
          </Button>
        }
      />
      <KeyList query={query} onQuery={change} onCreate={() => setCreating(true)} />
      {isCreating && (
        <CreateDialog
          onClose={() => setCreating(false)}
          onIssued={(key) => {
            setCreating(false);
            setIssued(key);
          }}
          team={query.team}
        />
      )}
      {issued !== null && <IssuedDialog issued={issued} onClose={() => setIssued(null)} />}
    </>
  );
}

interface KeyListProps {
  readonly query: KeyQuery;
  readonly onQuery: (next: KeyQuery) => void;
  readonly onCreate: () => void;
}

function KeyList({ query, onQuery, onCreate }: KeyListProps) {
  const { data, error, isLoading, reload } = useApi<KeysReply>("/key/list", keyListQuery(query), {
    every: asksForMuch(query) ? 0 : 30_000,
  });
  const teams = useTeamNames();
  const columns = useMemo(() => keyColumns({ teams, isSorted: true }), [teams]);
  if (error !== undefined) {
    return (
      <ErrorNote error={error} what="The keys could not be read." retry={() => void reload()} />
    );
  }
  if (data?.total_count === 0 && !isNarrowed(query)) return <NoKeys onCreate={onCreate} />;
  return (
    <div className="stack" aria-busy={isLoading}>
      <KeyFilters
        key={`${query.alias} ${query.team} ${query.user}`}
        query={query}
        onQuery={onQuery}
      />
      <DataTable
        caption="Keys"
        columns={columns}
        rows={data?.keys}
        rowKey={({ token }) => token}
        href={({ token }) => keyHref(token)}
        sort={{ by: query.sortBy, descending: query.descending }}
        onSort={({ by, descending }) =>
          onQuery({ ...query, sortBy: sortOf(by), descending, page: 1 })
        }
        empty={<NothingFound query={query} onQuery={onQuery} />}
      />
      {data !== undefined && data.total_count > 0 && (
        <Pager
          page={data.current_page}
          pages={data.total_pages}
          total={data.total_count}
          onPage={(page) => onQuery({ ...query, page })}
        />
      )}
    </div>
  );
}

function NothingFound({ query, onQuery }: Pick<KeyListProps, "query" | "onQuery">) {
  if (!isNarrowed(query)) {
    return (
      <EmptyState title="This page has no keys.">
        <Button onClick={() => onQuery({ ...query, page: 1 })}>To the first page</Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No key is found."
      text="Search for a part of its alias, or take a filter out."
    />
  );
}
