import { type FormEvent, useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Field, TextInput } from "../../parts/field.tsx";
import { isNarrowed, type KeyQuery } from "./key-query.ts";
import { TeamChoice } from "./team-choice.tsx";

export interface KeyFiltersProps {
  readonly query: KeyQuery;
  readonly onQuery: (next: KeyQuery) => void;
}

/** Narrows the list of keys: each change is one request. */
export function KeyFilters({ query, onQuery }: KeyFiltersProps) {
  const [alias, setAlias] = useState(query.alias);
  const [user, setUser] = useState(query.user);
  const [team, setTeam] = useState(query.team);
  const look = (changes: Partial<KeyQuery>) =>
    onQuery({ ...query, alias: alias.trim(), user: user.trim(), team, ...changes, page: 1 });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    look({});
  };
  return (
    <form className="keys-filters" role="search" onSubmit={submit}>
      <Field label="Alias">
        <TextInput
          type="search"
          placeholder="A part of the alias"
          value={alias}
          maxLength={500}
          onChange={setAlias}
        />
      </Field>
      <TeamChoice
        none="Every team"
        value={team}
        onChange={(id) => {
          setTeam(id);
          look({ team: id });
        }}
      />
      <Field label="User">
        <TextInput type="search" value={user} maxLength={500} onChange={setUser} />
      </Field>
      <div className="row">
        <Button type="submit">Search</Button>
        {isNarrowed(query) && (
          <Button kind="quiet" onClick={() => onQuery({ ...query, ...nothing, page: 1 })}>
            Clear
          </Button>
        )}
      </div>
    </form>
  );
}

const nothing = { alias: "", team: "", user: "" };
