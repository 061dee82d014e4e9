import "./health.css";
import { useCallback } from "react";
import { PageHeader } from "../../parts/page-header.tsx";
import { useRouteName } from "../../parts/route-name.tsx";
import { useSession } from "../../session.ts";
import { CredentialsCard } from "./credentials-card.tsx";
import { ErrorsCard } from "./errors-card.tsx";
import { LatencyCard } from "./latency-card.tsx";
import { ProcessCard } from "./process-card.tsx";
import { RefusalsCard } from "./refusals-card.tsx";
import { SessionsCard } from "./sessions-card.tsx";
import { SummaryCard } from "./summary-card.tsx";

/** Whether all is well, and what to do where it is not. */
export function HealthPage() {
  const session = useSession();
  const routeName = useRouteName({ every: 60_000 });
  const pathOf = useCallback((id: string) => (id === "" ? "no route" : routeName(id)), [routeName]);
  return (
    <>
      <PageHeader
        title="Health"
        description={`Tollgate ${session?.version ?? ""}. The numbers are read anew every 10 seconds.`}
      />
      <SummaryCard />
      <LatencyCard pathOf={pathOf} />
      <ErrorsCard pathOf={pathOf} />
      <RefusalsCard />
      <CredentialsCard />
      <ProcessCard />
      <SessionsCard />
    </>
  );
}
