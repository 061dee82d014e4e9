import { Link } from "wouter";
import { count, duration } from "../../format.ts";
import { Badge } from "../../parts/badge.tsx";
import { Breakable } from "../../parts/breakable.tsx";
import type { Column } from "../../parts/data-table.tsx";
import { Money } from "../../parts/money.tsx";
import { Sparkline } from "../../parts/sparkline.tsx";
import { routeHref, routeLogsHref, testHref } from "../../hrefs.ts";
import { hoursText, type RouteRow } from "./list-rows.ts";

/** The columns of the list; the first one leads to the route. */
export const columns: readonly Column<RouteRow>[] = [
  {
    id: "path",
    header: "Path",
    value: ({ path }) => path,
    cell: ({ shownPath, off }) => (
      <span className={off === null ? "mono routes-path" : "mono routes-path routes-off"}>
        <Breakable text={shownPath} />
      </span>
    ),
  },
  {
    id: "target",
    header: "Target",
    value: ({ target }) => target,
    cell: ({ target, off }) => (
      <span className={off === null ? "mono routes-target" : "mono routes-target routes-off"}>
        <Breakable text={target} />
      </span>
    ),
  },
  {
    id: "methods",
    header: "Methods",
    hideOnPhone: true,
    value: ({ methods }) => methods,
    cell: ({ methods }) => methods,
  },
  {
    id: "auth",
    header: "Who may call",
    value: ({ auth }) => auth,
    cell: ({ auth, isOpen }) => (isOpen ? <Badge kind="warn">{auth}</Badge> : auth),
  },
  {
    id: "calls",
    header: "Calls",
    align: "end",
    value: ({ activity }) => activity?.calls ?? null,
    cell: (row) => told(row, ({ calls }) => count(calls)),
  },
  {
    id: "errors",
    header: "Failed",
    align: "end",
    value: ({ activity }) => activity?.failed ?? null,
    cell: (row) =>
      told(row, ({ failed }) => (
        <span className={failed > 0 ? "text-bad" : undefined}>{count(failed)}</span>
      )),
  },
  {
    id: "cost",
    header: "Cost",
    align: "end",
    value: ({ activity }) => activity?.spend ?? null,
    cell: (row) => told(row, (activity) => <Cost {...activity} />),
  },
  {
    id: "p95",
    header: "p95",
    hideOnPhone: true,
    align: "end",
    value: ({ activity }) => activity?.p95_ms ?? null,
    cell: (row) => told(row, ({ calls, p95_ms: ms }) => (calls === 0 ? "–" : duration(ms))),
  },
  {
    id: "hours",
    header: "Last 24 h",
    value: ({ activity }) => activity?.hours.reduce((all, one) => all + one, 0) ?? null,
    cell: (row) => told(row, ({ hours }) => <Hours hours={hours} />),
  },
  {
    id: "owner",
    header: "Defined in",
    value: ({ ownerText }) => ownerText,
    cell: ({ ownerText, owner, off }) => (
      <span className="routes-owner">
        <Badge kind={owner.kind === "page" ? "info" : "neutral"}>{ownerText}</Badge>
        {off !== null && <Badge kind="warn">{off}</Badge>}
      </span>
    ),
  },
  { id: "actions", header: "Actions", cell: (row) => <Actions row={row} /> },
];

function Hours({ hours }: Pick<Activity, "hours">) {
  const label = hoursText(hours, count);
  if (hours.some((calls) => calls > 0)) return <Sparkline values={[...hours]} label={label} />;
  return (
    <span className="muted routes-no-calls" role="img" aria-label={label} title={label}>
      –
    </span>
  );
}

type Activity = NonNullable<RouteRow["activity"]>;

function told(row: RouteRow, tell: (activity: Activity) => React.ReactNode) {
  if (row.off !== null) return "–";
  return row.activity === null ? <span className="muted">unknown</span> : tell(row.activity);
}

function Cost({ calls, spend, unpriced }: Activity) {
  if (calls === 0) return "–";
  return (
    <span>
      <Money usd={spend} why={`${count(unpriced)} calls have no known price`} />
      {spend !== null && unpriced > 0 && (
        <span className="routes-unpriced">+ {count(unpriced)} unpriced</span>
      )}
    </span>
  );
}

function Actions({ row: { id, path, off, owner } }: { readonly row: RouteRow }) {
  return (
    <span className="routes-actions">
      {off === null && (
        <Link href={testHref(id)} aria-label={`Test ${path}`}>
          Test
        </Link>
      )}
      <Link href={routeLogsHref(id)} aria-label={`Logs of ${path}`}>
        Logs
      </Link>
      <Link href={routeHref(id)} aria-label={`${owner.kind === "page" ? "Edit" : "View"} ${path}`}>
        {owner.kind === "page" ? "Edit" : "View"}
      </Link>
    </span>
  );
}
