import { Checkbox, Field, FieldGroup, TextArea, TextInput } from "../../parts/field.tsx";
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
  const isChosen = (path: string) => form.routes.includes(path);
  const shown = found.slice(0, mostShown);
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
            ? `None is chosen: every route may be called${owner === "key" ? ", or those that its team has" : ""}. A route stands for all below it, too.`
            : `${form.routes.length} chosen: no other route may be called.`
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
        <div className="keys-choices">
          {shown.map((path) => (
            <Checkbox
              key={path}
              label={<span className="mono break">{path}</span>}
              checked={isChosen(path)}
              onChange={(isOn) => choose(path, isOn)}
              {...(gone.includes(path) ? { hint: "No route has this path now." } : {})}
            />
          ))}
          {found.length === 0 && <p className="muted">No route is found.</p>}
          {found.length > shown.length && (
            <p className="muted">
              {found.length - shown.length} more: search for a part of the path.
            </p>
          )}
        </div>
      </FieldGroup>
      <Field
        label="Paths"
        hint="One on each line: exact, or as /path/*. Where there are any, no other path may be called."
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
