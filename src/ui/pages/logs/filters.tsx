import { type FormEvent, useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Field, Select, TextInput } from "../../parts/field.tsx";
import { MoreFilters } from "./more-filters.tsx";
import {
  type LogQuery,
  type StatusChoice,
  statusChoiceOf,
  textFilters,
  withFilters,
  withStatus,
} from "./query.ts";
import { isoOfField, isRange, localField, ranges } from "./ranges.ts";
import { Shown } from "../../parts/shown.tsx";

export interface FiltersProps {
  readonly query: LogQuery;
  readonly onQuery: (next: LogQuery) => void;
}

/** What the list is narrowed to; each change is one request. */
export function Filters({ query, onQuery }: FiltersProps) {
  return (
    <div className="logs-filters">
      <div className="logs-filter-row">
        <SearchForm key={query.texts.search ?? ""} query={query} onQuery={onQuery} />
        <RangeField query={query} onQuery={onQuery} />
        <StatusChoices query={query} onQuery={onQuery} />
      </div>
      {query.range === "custom" && (
        <Dates key={`${query.start} ${query.end}`} query={query} onQuery={onQuery} />
      )}
      <MoreFilters key={JSON.stringify(query.texts)} query={query} onQuery={onQuery} />
      <ChosenFilters query={query} onQuery={onQuery} />
    </div>
  );
}

function SearchForm({ query, onQuery }: FiltersProps) {
  const [text, setText] = useState(query.texts.search ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { search: _, ...others } = query.texts;
    const search = text.trim();
    const texts = search === "" ? others : { ...others, search };
    onQuery(withFilters(query, { texts }));
  };
  return (
    <form className="logs-search" role="search" onSubmit={submit}>
      <Field label="Search" hint="Words in logged bodies: of routes with “log: bodies”.">
        <TextInput type="search" value={text} onChange={setText} maxLength={1000} />
      </Field>
      <Button type="submit">Search</Button>
    </form>
  );
}

const rangeOptions = ranges.map(([value, label]) => ({ value, label }));

function RangeField({ query, onQuery }: FiltersProps) {
  const choose = (value: string) => {
    const range = isRange(value) ? value : "any";
    onQuery(withFilters(query, { range, start: null, end: null }));
  };
  return (
    <Field label="Time">
      <Select value={query.range} onChange={choose} options={rangeOptions} />
    </Field>
  );
}

function Dates({ query, onQuery }: FiltersProps) {
  const [start, setStart] = useState(localField(query.start));
  const [end, setEnd] = useState(localField(query.end));
  const isBackwards = start !== "" && end !== "" && start >= end;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isBackwards) return;
    onQuery(withFilters(query, { start: isoOfField(start), end: isoOfField(end) }));
  };
  return (
    <form className="logs-filter-row" onSubmit={submit}>
      <Field label="From">
        <TextInput type="datetime-local" value={start} onChange={setStart} />
      </Field>
      <Field label="To" error={isBackwards ? "A time after “From” is meant." : undefined}>
        <TextInput type="datetime-local" value={end} onChange={setEnd} />
      </Field>
      <Button type="submit">Apply</Button>
    </form>
  );
}

const choices: readonly (readonly [choice: StatusChoice, label: string])[] = [
  ["all", "All"],
  ["failed", "Failed"],
  ["4xx", "4xx"],
  ["5xx", "5xx"],
];

function StatusChoices({ query, onQuery }: FiltersProps) {
  const chosen = statusChoiceOf(query);
  return (
    <div className="choices" role="group" aria-label="Status">
      {choices.map(([choice, label]) => (
        <button
          key={choice}
          type="button"
          className="button button-plain"
          aria-pressed={choice === chosen}
          onClick={() => onQuery(withStatus(query, choice))}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

/** Those that are set elsewhere than in sight, each with a way out. */
function ChosenFilters({ query, onQuery }: FiltersProps) {
  const chosen = textFilters.filter(([name]) => query.texts[name] !== undefined);
  const isOther = statusChoiceOf(query) === "other";
  if (chosen.length === 0 && !isOther) return null;
  return (
    <ul className="logs-chosen" aria-label="Filters that are set">
      {isOther && (
        <li>
          <span>Status: {query.httpStatus ?? query.statusFilter}</span>
          <RemoveButton label="Status" onRemove={() => onQuery(withStatus(query, "all"))} />
        </li>
      )}
      {chosen.map(([name, label]) => (
        <li key={name}>
          <span>
            {label}: <Shown text={query.texts[name] ?? ""} most={40} />
          </span>
          <RemoveButton
            label={label}
            onRemove={() => {
              const { [name]: _, ...texts } = query.texts;
              onQuery(withFilters(query, { texts }));
            }}
          />
        </li>
      ))}
    </ul>
  );
}

function RemoveButton({ label, onRemove }: { label: string; onRemove: () => void }) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Take out: ${label}`}
      onClick={onRemove}
    >
      ×
    </button>
  );
}
