import { useMemo } from "react";
import { useApi } from "../../api.ts";
import { Field, Select, TextInput } from "../../parts/field.tsx";
import type { TeamReply } from "../../replies.ts";
import { teamTitle } from "../../titles.ts";

/** So many can be chosen from; where there are more, the id is written. */
const mostTeams = 300;

/** The teams by id, the newest; undefined while they are read. */
export function useTeamNames(): ReadonlyMap<string, TeamReply> | undefined {
  const { data } = useApi<TeamReply[]>("/team/list", { size: mostTeams });
  return useMemo(
    () => (data === undefined ? undefined : new Map(data.map((team) => [team.team_id, team]))),
    [data],
  );
}

export interface TeamChoiceProps {
  /** Its id; empty is none. */
  readonly value: string;
  readonly onChange: (id: string) => void;
  /** What no team stands for, as "No team". */
  readonly none: string;
  readonly hint?: string;
  readonly error?: string | undefined;
}

/** One of the teams. */
export function TeamChoice({ value, onChange, none, hint, error }: TeamChoiceProps) {
  const teams = useTeamNames();
  if (teams !== undefined && teams.size >= mostTeams) {
    return (
      <Field label="Team id" hint={hint} error={error}>
        <TextInput mono value={value} onChange={onChange} />
      </Field>
    );
  }
  const known = [...(teams?.values() ?? [])].map((team) => ({
    value: team.team_id,
    label: teamTitle(team),
  }));
  known.sort((one, other) => one.label.localeCompare(other.label));
  const isKnown = value === "" || known.some((option) => option.value === value);
  return (
    <Field label="Team" hint={hint} error={error}>
      <Select
        value={value}
        onChange={onChange}
        options={[
          { value: "", label: none },
          ...known,
          ...(isKnown ? [] : [{ value, label: value }]),
        ]}
      />
    </Field>
  );
}
