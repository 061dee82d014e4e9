import { useMemo } from "react";
import { count } from "../../format.ts";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import type { Column } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { VirtualTable } from "../../parts/virtual-table.tsx";
import { authText, methodsText, ownerOf, ownerText, shownPath } from "../../endpoint.ts";
import { routeHref } from "../../hrefs.ts";
import { useRoutes } from "../../payers/use-routes.ts";
import type { OffEndpoint, ReportedRoute } from "./report.ts";

export interface ServedProps {
  readonly routes: readonly ReportedRoute[];
  readonly hasFaults: boolean;
  /** Where the file is. */
  readonly file: string;
}

/** The routes as the file and the API would have them served. */
export function Served({ routes, hasFaults, file }: ServedProps) {
  const present = useRoutes();
  const columns = useMemo(() => {
    const texts = new Map(present.map((one) => [one.id, ownerText(ownerOf(one))]));
    const ofFile = ownerText({ kind: "file", file, line: null });
    return columnsOf(({ id, owner }) =>
      owner === "api" ? ownerText({ kind: "page" }) : (texts.get(id) ?? ofFile),
    );
  }, [present, file]);
  return (
    <Card title={`Routes that would be served (${count(routes.length)})`} flush>
      {hasFaults && (
        <p className="config-aside muted">
          Once the faults are mended; routes with a fault are not listed.
        </p>
      )}
      <VirtualTable
        caption="Routes that would be served"
        columns={columns}
        rows={routes}
        rowKey={({ id }) => id}
        href={({ id }) => routeHref(id)}
        empty={
          <EmptyState
            title="No route would be served."
            text="Add routes under general_settings.pass_through_endpoints, or on the page Routes."
          />
        }
      />
    </Card>
  );
}

const columnsOf = (
  ownerTextOf: (route: ReportedRoute) => string,
): readonly Column<ReportedRoute>[] => [
  {
    id: "path",
    header: "Path",
    width: "280px",
    value: ({ path }) => path,
    cell: (route) => <span className="mono">{shownPath(route)}</span>,
  },
  {
    id: "target",
    header: "Target",
    value: ({ target }) => target,
    cell: ({ target }) => <span className="mono break">{target}</span>,
  },
  {
    id: "methods",
    header: "Methods",
    width: "120px",
    cell: ({ methods }) => methodsText(methods),
  },
  { id: "auth", header: "Who may call", width: "160px", cell: ({ auth }) => <Auth auth={auth} /> },
  {
    id: "owner",
    header: "Defined in",
    width: "120px",
    value: ownerTextOf,
    cell: (route) => (
      <Badge kind={route.owner === "api" ? "info" : "neutral"}>{ownerTextOf(route)}</Badge>
    ),
  },
];

function Auth({ auth }: Pick<ReportedRoute, "auth">) {
  const text = authText(auth);
  return auth === false ? <Badge kind="warn">{text}</Badge> : text;
}

/** Endpoints of the file that wait for variables. */
export function OffEndpoints({ off }: { readonly off: readonly OffEndpoint[] }) {
  if (off.length === 0) return null;
  return (
    <Card title={`Off for now (${count(off.length)})`}>
      <p className="muted">
        These have <code>enabled_if</code>, and wait for a variable. Set it where the gateway is
        started, and restart; or under <code>environment_variables</code> in the file.
      </p>
      <ul className="config-findings">
        {off.map(({ path, unset }, index) => (
          <li key={index}>
            <div className="row">
              <Badge kind="neutral">off</Badge>
              <code className="break">{path}</code>
            </div>
            <p className="break">
              Waits for <code>{unset.join(", ")}</code>.
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
