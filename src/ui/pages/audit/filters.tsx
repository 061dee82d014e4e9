import { type FormEvent, useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Field, Select, TextInput } from "../../parts/field.tsx";
import { type AuditQuery, hasFilters, noFilters } from "./query.ts";
import { actionWords, actorWords } from "./words.ts";

export interface FiltersProps {
  readonly query: AuditQuery;
  readonly onQuery: (next: AuditQuery) => void;
}

/** What the list is narrowed to: a choice counts at once, what is typed with "Apply". */
export function Filters({ query, onQuery }: FiltersProps) {
  const [draft, setDraft] = useState(query);
  const isBackwards = draft.from !== "" && draft.to !== "" && draft.from > draft.to;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isBackwards) return;
    const [subject, actor] = [draft.subject.trim(), draft.actor.trim()];
    onQuery({ ...draft, subject, actor, page: 1 });
  };
  const set = (change: Partial<AuditQuery>) => setDraft({ ...draft, ...change });
  return (
    <form className="audit-filters" role="search" aria-label="Changes" onSubmit={submit}>
      <Field label="Action">
        <Select
          value={query.action}
          options={optionsWith(query.action)}
          onChange={(action) => onQuery({ ...draft, action, page: 1 })}
        />
      </Field>
      <Field label="Id of what was changed">
        <TextInput
          type="search"
          mono
          maxLength={1000}
          value={draft.subject}
          onChange={(subject) => set({ subject })}
        />
      </Field>
      <Field label="Changed by">
        <TextInput
          type="search"
          maxLength={1000}
          list="audit-actors"
          placeholder="master key, or a key’s id"
          value={draft.actor}
          onChange={(actor) => set({ actor })}
        />
      </Field>
      <datalist id="audit-actors">
        {Object.keys(actorWords).map((actor) => (
          <option key={actor} value={actor} />
        ))}
      </datalist>
      <Field label="From">
        <TextInput type="date" value={draft.from} onChange={(from) => set({ from })} />
      </Field>
      <Field label="To" error={isBackwards ? "A day not before “From” is meant." : undefined}>
        <TextInput type="date" value={draft.to} onChange={(to) => set({ to })} />
      </Field>
      <div className="row audit-buttons">
        <Button type="submit" kind="primary">
          Apply
        </Button>
        {hasFilters(query) && (
          <Button kind="quiet" onClick={() => onQuery(noFilters)}>
            Clear
          </Button>
        )}
      </div>
    </form>
  );
}

const anyAction = { value: "", label: "Any" };

/** With the one of the address, where it is not among the known ones. */
function optionsWith(chosen: string) {
  const known = actionWords.map(([value, label]) => ({ value, label }));
  const isKnown = chosen === "" || known.some(({ value }) => value === chosen);
  return [anyAction, ...known, ...(isKnown ? [] : [{ value: chosen, label: chosen }])];
}
