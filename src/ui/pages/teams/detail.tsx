import { useMemo, useState } from "react";
import { useParams } from "wouter";
import { useApi } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { Pager } from "../../parts/pager.tsx";
import { Skeleton } from "../../parts/progress.tsx";
import type { KeysReply, TeamReply } from "../../replies.ts";
import { BudgetCard } from "../../payers/budget-card.tsx";
import { keyColumns } from "../keys/columns.tsx";
import { CreateDialog } from "../keys/create-dialog.tsx";
import { type IssuedKey, IssuedDialog } from "../keys/issued-dialog.tsx";
import { keyHref } from "../../hrefs.ts";
import { LatestCalls } from "../../payers/latest-calls.tsx";
import { UsageCards } from "../../payers/usage-cards.tsx";
import { TeamState } from "./columns.tsx";
import { TeamActions } from "./team-actions.tsx";
import { teamTitle } from "../../titles.ts";
import { TeamSettings } from "./team-settings.tsx";
import "../../payers/payers.css";
import "../keys/keys.css";
import "./teams.css";

interface InfoReply {
  readonly team_id: string;
  readonly team_info: TeamReply;
  readonly total_keys: number;
}

const back = { href: "/teams", label: "Teams" };
const keysShown = 20;

/** A team: its keys, what they have spent together, and what they may. */
export function TeamDetailPage() {
  const { id = "" } = useParams();
  const { data, error, reload } = useApi<InfoReply>(
    "/team/info",
    { team_id: id },
    { every: 30_000 },
  );
  if (data === undefined || data.team_id !== id) {
    return (
      <>
        <PageHeader title="Team" back={back} />
        {error === undefined ? (
          <Skeleton lines={8} />
        ) : (
          <ErrorNote error={error} what="The team could not be read." retry={() => void reload()} />
        )}
      </>
    );
  }
  const { team_info: team, total_keys: keys } = data;
  return (
    <>
      <PageHeader
        title={teamTitle(team)}
        back={back}
        description={
          <span className="row">
            <code className="break">{team.team_id}</code>
            <TeamState isBlocked={team.blocked} />
          </span>
        }
        actions={<TeamActions team={team} keys={keys} />}
      />
      <BudgetCard payer={team} />
      <TeamKeys team={team} />
      <UsageCards of={{ team_id: team.team_id }} />
      <LatestCalls of={{ team_id: team.team_id }} />
      <TeamSettings team={team} />
    </>
  );
}

function TeamKeys({ team }: { readonly team: TeamReply }) {
  const [page, setPage] = useState(1);
  const [isCreating, setCreating] = useState(false);
  const [issued, setIssued] = useState<IssuedKey | null>(null);
  const { data, error, reload } = useApi<KeysReply>("/key/list", {
    return_full_object: true,
    team_id: team.team_id,
    page,
    size: keysShown,
  });
  const columns = useMemo(
    () => keyColumns({ teams: new Map([[team.team_id, team]]), isOfTeam: true }),
    [team],
  );
  const take = (key: IssuedKey) => {
    setCreating(false);
    setIssued(key);
  };
  return (
    <Card
      title="Keys"
      flush
      actions={<Button onClick={() => setCreating(true)}>Create a key</Button>}
    >
      {error !== undefined && (
        <ErrorNote error={error} what="The keys could not be read." retry={() => void reload()} />
      )}
      {error === undefined && (
        <DataTable
          caption="Keys of this team"
          columns={columns}
          rows={data?.keys}
          rowKey={({ token }) => token}
          href={({ token }) => keyHref(token)}
          empty={<EmptyState title="This team has no keys yet." />}
        />
      )}
      {data !== undefined && data.total_pages > 1 && (
        <div className="teams-pager">
          <Pager page={page} pages={data.total_pages} total={data.total_count} onPage={setPage} />
        </div>
      )}
      {isCreating && (
        <CreateDialog onClose={() => setCreating(false)} onIssued={take} team={team.team_id} />
      )}
      {issued !== null && <IssuedDialog issued={issued} onClose={() => setIssued(null)} />}
    </Card>
  );
}
