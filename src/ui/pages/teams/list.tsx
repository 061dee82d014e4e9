import { useMemo, useState } from "react";
import { useSearchParams } from "wouter";
import { rootPath } from "../../api.ts";
import { curlToChange } from "../../curl.ts";
import { Button } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { Pager } from "../../parts/pager.tsx";
import { pageOf } from "../../query.ts";
import { teamColumns } from "./columns.tsx";
import { CreateTeamDialog } from "./create-dialog.tsx";
import { teamHref } from "../../hrefs.ts";
import { teamsPerPage, useTeams } from "./use-teams.ts";
import "../../payers/payers.css";

/** Teams: keys with limits and a budget in common. */
export function TeamsPage() {
  const [isCreating, setCreating] = useState(false);
  const create = () => setCreating(true);
  return (
    <>
      <PageHeader
        title="Teams"
        description="Keys with limits and a budget in common."
        actions={
          <Button kind="primary" onClick={create}>
            Create a team
          </Button>
        }
      />
      <TeamList onCreate={create} />
      {isCreating && <CreateTeamDialog onClose={() => setCreating(false)} />}
    </>
  );
}

function TeamList({ onCreate }: { readonly onCreate: () => void }) {
  const [params, setParams] = useSearchParams();
  const page = pageOf(params);
  const { data, error, isLoading, reload } = useTeams(page);
  const pages = Math.ceil((data?.total ?? 0) / teamsPerPage);
  const columns = useMemo(() => teamColumns(pages <= 1), [pages]);
  if (error !== undefined) {
    return (
      <ErrorNote error={error} what="The teams could not be read." retry={() => void reload()} />
    );
  }
  if (data?.total === 0) return <NoTeams onCreate={onCreate} />;
  const toPage = (next: number) => setParams(next === 1 ? {} : { page: String(next) });
  return (
    <div className="stack" aria-busy={isLoading}>
      <DataTable
        caption="Teams"
        columns={columns}
        rows={data?.teams}
        rowKey={({ team_id: id }) => id}
        href={({ team_id: id }) => teamHref(id)}
        empty={
          <EmptyState title="This page has no teams.">
            <Button onClick={() => toPage(1)}>To the first page</Button>
          </EmptyState>
        }
      />
      {data !== undefined && <Pager page={page} pages={pages} total={data.total} onPage={toPage} />}
    </div>
  );
}

function NoTeams({ onCreate }: { readonly onCreate: () => void }) {
  return (
    <EmptyState
      title="There is no team yet."
      text="A team puts keys together: its limits and its budget hold for all of them, besides each key's own, and its spend is theirs together. Keys need no team."
    >
      <Button kind="primary" onClick={onCreate}>
        Create the first team
      </Button>
      <p>Or from a shell, with the master key:</p>
      <CodeBlock text={curlToCreate()} label="curl command that makes a team" wrap />
    </EmptyState>
  );
}

function curlToCreate(): string {
  const body = { team_alias: "web", max_budget: 50, budget_duration: "30d" };
  return curlToChange(location.origin + rootPath, "/team/new", body);
}
