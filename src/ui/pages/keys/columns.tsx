import { Badge } from "../../parts/badge.tsx";
import type { Column } from "../../parts/data-table.tsx";
import { Money } from "../../parts/money.tsx";
import { Relative } from "../../parts/relative.tsx";
import type { KeyReply, TeamReply } from "../../replies.ts";
import { teamTitle } from "../../titles.ts";
import { BudgetBar } from "../../payers/budget-bar.tsx";
import { Limits } from "../../payers/limits.tsx";
import { expiryOf, type KeyState, statesOf } from "./key-state.ts";
import { Shown } from "../../parts/shown.tsx";

export interface KeyColumnsOptions {
  readonly teams: ReadonlyMap<string, TeamReply> | undefined;
  /** The keys of one team, whose name need not be said. */
  readonly isOfTeam?: boolean;
  /** The server sorts. */
  readonly isSorted?: boolean;
}

/** The columns of a list of keys; the first one leads to the key. */
export function keyColumns(options: KeyColumnsOptions): readonly Column<KeyReply>[] {
  const { teams, isOfTeam = false, isSorted = false } = options;
  const columns: readonly Column<KeyReply>[] = [
    {
      id: "key_alias",
      header: "Alias",
      sortable: isSorted,
      cell: ({ key_alias: alias }) => (
        <span className="keys-alias">
          {alias === null ? (
            <span className="muted">no alias</span>
          ) : (
            <Shown text={alias} most={48} />
          )}
        </span>
      ),
    },
    {
      id: "key_name",
      header: "Key",
      cell: ({ key_name: name }) => <span className="mono nowrap">{name}</span>,
    },
    {
      id: "state",
      header: "State",
      cell: (key) => <KeyStates states={statesOf(key, Date.now(), isTeamBlocked(key, teams))} />,
    },
    {
      id: "team",
      header: "Team",
      cell: ({ team_id: id }) => <TeamName id={id} teams={teams} />,
    },
    { id: "limits", header: "Limits", cell: (key) => <Limits payer={key} /> },
    {
      id: "max_budget",
      header: "Budget",
      sortable: isSorted,
      cell: (key) => <BudgetBar payer={key} label="Budget" />,
    },
    {
      id: "spend",
      header: "Spend",
      align: "end",
      cell: ({ spend }) => <Money usd={spend} />,
    },
    {
      id: "expires",
      header: "Expires",
      sortable: isSorted,
      cell: ({ expires }) => <Expiry at={expires} />,
    },
    {
      id: "created_at",
      header: "Created",
      sortable: isSorted,
      hideOnPhone: true,
      cell: ({ created_at: at }) => <Relative at={at} />,
    },
  ];
  return isOfTeam ? columns.filter(({ id }) => id !== "team") : columns;
}

function isTeamBlocked({ team_id: id }: KeyReply, teams: KeyColumnsOptions["teams"]): boolean {
  return id !== null && teams?.get(id)?.blocked === true;
}

function TeamName({ id, teams }: { id: string | null; teams: KeyColumnsOptions["teams"] }) {
  if (id === null) return <span className="muted">none</span>;
  const team = teams?.get(id);
  return (
    <span className="keys-team">
      <Shown text={team === undefined ? id : teamTitle(team)} most={48} />
    </span>
  );
}

/** Whether a key is let in, and what it may. */
export function KeyStates({ states }: { readonly states: readonly KeyState[] }) {
  return (
    <span className="keys-states">
      {states.map(({ kind, text }) => (
        <Badge key={text} kind={kind}>
          {text}
        </Badge>
      ))}
    </span>
  );
}

/** When a key ends; in red where that is soon. */
export function Expiry({ at }: { readonly at: string | null }) {
  const { text, isSoon, isOver } = expiryOf(at, Date.now());
  if (at === null) return <span className="muted">{text}</span>;
  return (
    <span className={isSoon ? "text-bad" : undefined}>
      <time className="nowrap" dateTime={at} title={at}>
        {text}
      </time>
      {isSoon && !isOver && " (soon)"}
    </span>
  );
}
