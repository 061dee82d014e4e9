import "./routes.css";
import { useMemo } from "react";
import { useApi } from "../../api.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import type { EndpointsReply } from "../../replies.ts";
import { endpointsPath } from "../../endpoint-api.ts";
import { type RouteActivity, rowsOf } from "./list-rows.ts";
import { NoRoutes } from "./no-routes.tsx";
import { RouteTable } from "./route-table.tsx";

const activityDays = 30;

interface ActivityReply {
  readonly routes: readonly RouteActivity[];
}

/** Every route: the file's and those made here. */
export function RoutesPage() {
  const { data, error, reload } = useApi<EndpointsReply>(endpointsPath, {}, { every: 30_000 });
  const activity = useApi<ActivityReply>(
    "/routes/activity",
    { days: activityDays },
    { every: 15_000 },
  );
  const rows = useMemo(
    () => (data === undefined ? undefined : rowsOf(data.endpoints, activity.data?.routes)),
    [data, activity.data],
  );
  return (
    <>
      <PageHeader
        title="Routes"
        description={`Paths of this gateway and the APIs behind them. Numbers are of the last ${activityDays} days.`}
        actions={
          <ButtonLink href="/routes/new" kind="primary">
            Create a route
          </ButtonLink>
        }
      />
      {error !== undefined && (
        <ErrorNote error={error} what="The routes could not be read." retry={() => void reload()} />
      )}
      {activity.error !== undefined && (
        <ErrorNote
          error={activity.error}
          what="What was called of them could not be read: the numbers are unknown."
          retry={() => void activity.reload()}
        />
      )}
      {rows?.length === 0 ? (
        <NoRoutes />
      ) : (
        (rows !== undefined || error === undefined) && <RouteTable rows={rows} />
      )}
    </>
  );
}
