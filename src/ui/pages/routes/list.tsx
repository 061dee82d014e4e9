import "./routes.css";
import { useMemo, useState } from "react";
import { useApi } from "../../api.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Field, TextInput } from "../../parts/field.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { VirtualTable } from "../../parts/virtual-table.tsx";
import { count } from "../../format.ts";
import type { EndpointsReply } from "../../replies.ts";
import { endpointHref } from "./endpoint.ts";
import { endpointsPath } from "./endpoint-api.ts";
import { columns } from "./list-columns.tsx";
import { found, type RouteActivity, type RouteRow, rowsOf } from "./list-rows.ts";
import { NoRoutes } from "./no-routes.tsx";

const activityDays = 30;
const plainTableRows = 100;

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
            Add a route
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

function RouteTable({ rows }: { readonly rows: readonly RouteRow[] | undefined }) {
  const [text, setText] = useState("");
  const shown = useMemo(() => (rows === undefined ? undefined : found(rows, text)), [rows, text]);
  const Table = (rows?.length ?? 0) > plainTableRows ? VirtualTable : DataTable;
  return (
    <div className="stack routes-list">
      <div className="routes-search">
        <Field label="Search">
          <TextInput
            type="search"
            placeholder="Path, target or id"
            value={text}
            onChange={setText}
          />
        </Field>
        <p className="muted" role="status">
          {shown === undefined ? "" : amount(shown.length, rows?.length ?? 0)}
        </p>
      </div>
      <Table
        caption="Routes"
        columns={columns}
        rows={shown}
        rowKey={({ id }) => id}
        href={({ id }) => endpointHref(id)}
        empty={
          <EmptyState title="No route is found." text="Search for a part of its path or target." />
        }
      />
    </div>
  );
}

function amount(shown: number, all: number): string {
  const word = all === 1 ? "route" : "routes";
  return shown === all ? `${count(all)} ${word}` : `${count(shown)} of ${count(all)} ${word}`;
}
