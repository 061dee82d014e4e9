import { useParams } from "wouter";
import { useApi } from "../../api.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { Skeleton } from "../../parts/progress.tsx";
import type { KeyReply, TeamReply } from "../../replies.ts";
import { BudgetCard } from "../../payers/budget-card.tsx";
import { Expiry, KeyStates } from "./columns.tsx";
import { KeyActions } from "./key-actions.tsx";
import { KeySettings } from "./key-settings.tsx";
import { LatestCalls } from "../../payers/latest-calls.tsx";
import { keyTitle } from "../../titles.ts";
import { statesOf } from "./key-state.ts";
import { UsageCards } from "../../payers/usage-cards.tsx";
import "../../payers/payers.css";
import "./keys.css";

interface InfoReply {
  readonly key: string;
  readonly info: KeyReply;
}

const back = { href: "/keys", label: "Keys" };

/** A key: what it may, what it has spent, and what can be done with it. */
export function KeyDetailPage() {
  const { id = "" } = useParams();
  const { data, error, reload } = useApi<InfoReply>("/key/info", { key: id }, { every: 15_000 });
  if (data === undefined || data.key !== id) {
    return (
      <>
        <PageHeader title="Key" back={back} />
        {error === undefined ? (
          <Skeleton lines={8} />
        ) : (
          <ErrorNote
            error={error}
            what="The key could not be read."
            {...(error.status === 404 ? { hint: "It may have been revoked." } : {})}
            retry={() => void reload()}
          />
        )}
      </>
    );
  }
  return <KeyPage info={data.info} />;
}

function KeyPage({ info }: { readonly info: KeyReply }) {
  const team = useApi<{ readonly team_info: TeamReply }>(
    info.team_id === null ? null : "/team/info",
    { team_id: info.team_id },
  );
  const isTeamBlocked = info.team_id !== null && team.data?.team_info.blocked === true;
  return (
    <>
      <PageHeader
        title={keyTitle(info)}
        back={back}
        description={
          <span className="row">
            <code>{info.key_name}</code>
            <KeyStates states={statesOf(info, Date.now(), isTeamBlocked)} />
            {info.expires !== null && (
              <span>
                Expires: <Expiry at={info.expires} />
              </span>
            )}
          </span>
        }
        actions={<KeyActions info={info} />}
      />
      {isTeamBlocked && (
        <div className="note note-warn">
          <p>
            Its team is blocked: calls with this key are refused until the team is let in again.
          </p>
        </div>
      )}
      <BudgetCard payer={info} softBudget={info.soft_budget} />
      <UsageCards of={{ api_key: info.token }} />
      <LatestCalls of={{ api_key: info.token }} />
      <KeySettings info={info} team={info.team_id === null ? undefined : team.data?.team_info} />
    </>
  );
}
