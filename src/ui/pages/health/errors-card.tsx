import { useMemo } from "react";
import { errorCodeOf } from "../../error-code.ts";
import { count, percent } from "../../format.ts";
import { callHref } from "../../hrefs.ts";
import { StatusBadge } from "../../parts/badge.tsx";
import { ButtonLink } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Relative } from "../../parts/relative.tsx";
import type { LogReply } from "../../replies.ts";
import type { Paths } from "./every.ts";
import { failureKinds, type FailureKind } from "./refusal-series.ts";
import type { RouteToday } from "./replies.ts";
import { useFailures } from "./use-failures.ts";
import { useToday } from "./use-today.ts";

const listed = 20;
const mostKinds = 10;

/** Calls that failed: how many of each route, with what, and the latest. */
export function ErrorsCard({ pathOf }: Paths) {
  const today = useToday();
  const logs = useFailures();
  const failures = logs.data?.data;
  const ofRoutes = useMemo(
    () =>
      today.data?.routes.filter(({ failed }) => failed > 0).toSorted((a, b) => b.failed - a.failed),
    [today.data],
  );
  const error = today.error ?? logs.error;
  if (error !== undefined) {
    const retry = () => void Promise.all([today.reload(), logs.reload()]);
    return <ErrorNote error={error} what="Failed calls could not be read." retry={retry} />;
  }
  return (
    <Card
      title="Failed calls"
      actions={<ButtonLink href="/logs?status_filter=failure">All of them</ButtonLink>}
    >
      {failures?.length === 0 && ofRoutes?.length === 0 ? (
        <EmptyState title="No call has failed." />
      ) : (
        <Failures pathOf={pathOf} ofRoutes={ofRoutes} failures={failures} />
      )}
    </Card>
  );
}

interface FailuresProps extends Paths {
  readonly ofRoutes: readonly RouteToday[] | undefined;
  /** The latest first. */
  readonly failures: readonly LogReply[] | undefined;
}

function Failures({ pathOf, ofRoutes, failures }: FailuresProps) {
  const kinds = useMemo(
    () => (failures === undefined ? undefined : failureKinds(failures)),
    [failures],
  );
  const columns = useMemo(() => columnsOf(pathOf), [pathOf]);
  return (
    <div className="health-tables">
      <DataTable
        caption="Today (UTC), by route"
        showCaption
        columns={columns.routes}
        rows={ofRoutes}
        rowKey={({ id }) => id}
        href={({ id }) => failedHref(id)}
        empty={<EmptyState title="No call has failed today." />}
      />
      <DataTable
        caption={`By status and route, the most frequent of the latest ${count(failures?.length)}`}
        showCaption
        columns={columns.kinds}
        rows={kinds?.slice(0, mostKinds)}
        rowKey={({ route, status, code }) => `${route} ${status} ${code}`}
      />
      <DataTable
        caption={`The latest ${count(Math.min(listed, failures?.length ?? 0))}`}
        showCaption
        columns={columns.latest}
        rows={failures?.slice(0, listed)}
        rowKey={({ request_id: id }) => id}
        href={({ request_id: id }) => callHref(id)}
      />
    </div>
  );
}

function failedHref(route: string): string {
  return `/logs?${new URLSearchParams({ status_filter: "failure", route })}`;
}

const code = (text: string | null) =>
  text === null ? <span className="muted">the upstream's answer</span> : <code>{text}</code>;

function columnsOf(pathOf: Paths["pathOf"]) {
  const routes: Column<RouteToday>[] = [
    { id: "route", header: "Route", value: ({ id }) => pathOf(id), cell: ({ id }) => pathOf(id) },
    number("failed", "Failed", ({ failed }) => failed),
    number("calls", "Calls", ({ calls }) => calls),
    {
      id: "share",
      header: "Share",
      align: "end",
      value: ({ failed, calls }) => (calls === 0 ? null : failed / calls),
      cell: ({ failed, calls }) => (calls === 0 ? "–" : percent(failed / calls)),
    },
  ];
  const kinds: Column<FailureKind>[] = [
    {
      id: "status",
      header: "Status",
      value: ({ status }) => status,
      cell: ({ status }) => <StatusBadge status={status} />,
    },
    { id: "code", header: "Error", value: (row) => row.code, cell: (row) => code(row.code) },
    {
      id: "route",
      header: "Route",
      value: ({ route }) => pathOf(route),
      cell: ({ route }) => pathOf(route),
    },
    number("calls", "Calls", ({ calls }) => calls),
  ];
  const latest: Column<LogReply>[] = [
    { id: "time", header: "Time", cell: ({ startTime }) => <Relative at={startTime} /> },
    {
      id: "status",
      header: "Status",
      cell: ({ http_status: status }) => <StatusBadge status={status} />,
    },
    { id: "code", header: "Error", cell: (row) => code(errorCodeOf(row)) },
    { id: "route", header: "Route", cell: ({ route }) => pathOf(route) },
    {
      id: "model",
      header: "Model",
      cell: (row) => row.model_group || <span className="muted">none named</span>,
    },
  ];
  return { routes, kinds, latest };
}

function number<Row>(id: string, header: string, of: (row: Row) => number): Column<Row> {
  return { id, header, align: "end", value: of, cell: (row) => count(of(row)) };
}
