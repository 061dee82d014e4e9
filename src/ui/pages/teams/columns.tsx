import { Badge } from "../../parts/badge.tsx";
import type { Column } from "../../parts/data-table.tsx";
import { Money } from "../../parts/money.tsx";
import { Relative } from "../../parts/relative.tsx";
import type { TeamReply } from "../../replies.ts";
import { BudgetBar } from "../../payers/budget-bar.tsx";
import { Limits } from "../../payers/limits.tsx";
import { Shown } from "../../parts/shown.tsx";
import { teamTitle } from "../../titles.ts";

const columns: readonly Column<TeamReply>[] = [
  {
    id: "name",
    header: "Team",
    value: (team) => teamTitle(team).toLowerCase(),
    cell: (team) => <Shown text={teamTitle(team)} most={48} />,
  },
  {
    id: "id",
    header: "Id",
    hideOnPhone: true,
    cell: ({ team_id: id }) => (
      <span className="mono">
        <Shown text={id} most={48} />
      </span>
    ),
  },
  {
    id: "state",
    header: "State",
    value: ({ blocked }) => (blocked ? "blocked" : "active"),
    cell: ({ blocked }) => <TeamState isBlocked={blocked} />,
  },
  { id: "limits", header: "Limits", cell: (team) => <Limits payer={team} /> },
  {
    id: "budget",
    header: "Budget",
    value: ({ max_budget: most }) => most,
    cell: (team) => <BudgetBar payer={team} label="Budget" />,
  },
  {
    id: "spend",
    header: "Spend",
    align: "end",
    value: ({ spend }) => spend,
    cell: ({ spend }) => <Money usd={spend} />,
  },
  {
    id: "created",
    header: "Created",
    hideOnPhone: true,
    value: ({ created_at: at }) => at,
    cell: ({ created_at: at }) => <Relative at={at} />,
  },
];

/** The columns of the list; one page of several is not sorted, as it would not be the whole. */
export function teamColumns(isSortable: boolean): readonly Column<TeamReply>[] {
  if (isSortable) return columns;
  return columns.map(({ value: _value, ...column }) => column);
}

/** Whether a team's keys are let in. */
export function TeamState({ isBlocked }: { readonly isBlocked: boolean }) {
  return <Badge kind={isBlocked ? "bad" : "ok"}>{isBlocked ? "blocked" : "active"}</Badge>;
}
