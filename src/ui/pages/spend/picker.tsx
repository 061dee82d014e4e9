import { Field, Select, TextInput } from "../../parts/field.tsx";
import { groups, ranges, readSpendQuery, type SpendQuery } from "./query.ts";

export interface PickerProps {
  readonly query: SpendQuery;
  readonly change: (part: Partial<SpendQuery>) => void;
  /** The last day lies before the first. */
  readonly isBackwards: boolean;
}

const options = (all: readonly (readonly [string, string, ...unknown[]])[]) =>
  all.map(([value, label]) => ({ value, label }));

const rangeOptions = options(ranges);
const groupOptions = options(groups);

/** Which days, and what they are put together by. */
export function Picker({ query, change, isBackwards }: PickerProps) {
  const choose = (name: "range" | "group" | "from" | "to") => (value: string) =>
    change({ [name]: readSpendQuery(new URLSearchParams({ [name]: value }))[name] });
  return (
    <div className="spend-picker">
      <Field label="Time">
        <Select value={query.range} onChange={choose("range")} options={rangeOptions} />
      </Field>
      {query.range === "custom" && (
        <>
          <Field label="First day (UTC)">
            <TextInput type="date" value={query.from ?? ""} onChange={choose("from")} />
          </Field>
          <Field
            label="Last day (UTC)"
            error={isBackwards ? "Choose a day that is not before the first." : undefined}
          >
            <TextInput type="date" value={query.to ?? ""} onChange={choose("to")} />
          </Field>
        </>
      )}
      <Field label="By">
        <Select value={query.group} onChange={choose("group")} options={groupOptions} />
      </Field>
    </div>
  );
}
