import { Checkbox, Field, FieldGroup, TextArea, TextInput } from "../parts/field.tsx";
import { useState } from "react";
import type { PayerFieldsProps } from "./payer-fields.tsx";
import { useRoutePaths } from "./use-routes.ts";

const fewPaths = 8;
const mostShown = 100;

/** Which routes may be called: a choice of those that there are, and patterns for whatever else. */
export function RouteChoice({ form, onChange, faults, owner }: PayerFieldsProps) {
  const served = useRoutePaths();
  const [search, setSearch] = useState("");
  const gone = form.routes.filter((path) => !served.includes(path));
  const found = [...gone, ...served].filter((path) => path.includes(search.trim()));
  const choose = (path: string, isOn: boolean) =>
    onChange({
      routes: isOn ? [...form.routes, path] : form.routes.filter((one) => one !== path),
    });
  return (
    <>
      <FieldGroup
        legend="Routes"
        hint={
          form.routes.length === 0
            ? `None is chosen: every route may be called${owner === "key" ? ", or those that its team has" : ""}. A route stands for all below it, too. Routes and paths count together.`
            : `${form.routes.length} chosen: no other route may be called, besides the paths below.`
        }
      >
        {served.length > fewPaths && (
          <Field label="Search routes">
            <TextInput type="search" value={search} onChange={setSearch} />
          </Field>
        )}
        {faults["allowed_passthrough_routes"] !== undefined && (
          <div className="field-error">{faults["allowed_passthrough_routes"]}</div>
        )}
        <Paths found={found} gone={gone} chosen={form.routes} onChoose={choose} />
      </FieldGroup>
      <Field
        label="Paths"
        hint="One on each line: exact, or as /path/*. Routes and paths count together: where there are any of either, nothing else may be called."
        error={faults["allowed_routes"]}
      >
        <TextArea
          mono
          rows={3}
          value={form.patterns}
          onChange={(patterns) => onChange({ patterns })}
        />
      </Field>
    </>
  );
}

interface PathsProps {
  readonly found: readonly string[];
  /** Those that no route has now. */
  readonly gone: readonly string[];
  readonly chosen: readonly string[];
  readonly onChoose: (path: string, isOn: boolean) => void;
}

function Paths({ found, gone, chosen, onChoose }: PathsProps) {
  const shown = found.slice(0, mostShown);
  return (
    <div className="payer-choices">
      {shown.map((path) => (
        <Checkbox
          key={path}
          label={<span className="mono break">{path}</span>}
          checked={chosen.includes(path)}
          onChange={(isOn) => onChoose(path, isOn)}
          {...(gone.includes(path) ? { hint: "No route has this path now." } : {})}
        />
      ))}
      {found.length === 0 && <p className="muted">No route is found.</p>}
      {found.length > shown.length && (
        <p className="muted">{found.length - shown.length} more: search for a part of the path.</p>
      )}
    </div>
  );
}
