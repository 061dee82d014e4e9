import type { FocusEvent, ReactNode } from "react";
import { Checkbox, Field, NumberInput, TextArea, TextInput } from "../../parts/field.tsx";
import { hintOf, useRouteFormLink } from "./form-context.ts";
import type { JsonName, NumberName, SwitchName } from "./form-state.ts";
import { labelOf } from "./labels.ts";

export interface SettingProps {
  readonly name: string;
  readonly children: ReactNode;
}

/** The place of a setting: where its faults lead to, and what knows that the user has been there. */
export function Setting({ name, children }: SettingProps) {
  const { touch } = useRouteFormLink();
  const left = ({ currentTarget, relatedTarget }: FocusEvent) => {
    const isWithin = relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
    if (!isWithin) touch(name);
  };
  return (
    <div className="routes-setting" data-setting={name} onBlur={left}>
      {children}
    </div>
  );
}

export interface NumberSettingProps {
  readonly name: NumberName;
  /** In place of the schema's words. */
  readonly hint?: string;
  readonly placeholder?: string;
}

/** A number that may be left out. */
export function NumberSetting({ name, hint, placeholder }: NumberSettingProps) {
  const { values, set, faults, schema } = useRouteFormLink();
  return (
    <Setting name={name}>
      <Field label={labelOf(name)} hint={hint ?? hintOf(schema, name)} error={faults[name]}>
        <NumberInput
          value={values[name]}
          placeholder={placeholder}
          onChange={(value) => set({ [name]: value })}
        />
      </Field>
    </Setting>
  );
}

/** A yes or no. */
export function SwitchSetting({ name }: { readonly name: SwitchName }) {
  const { values, set, faults, schema } = useRouteFormLink();
  return (
    <Setting name={name}>
      <Checkbox
        label={labelOf(name)}
        hint={hintOf(schema, name)}
        checked={values[name]}
        onChange={(isOn) => set({ [name]: isOn })}
      />
      <FaultLine text={faults[name]} />
    </Setting>
  );
}

export interface JsonSettingProps {
  readonly name: JsonName;
  readonly placeholder: string;
}

/** A map that is written as JSON. */
export function JsonSetting({ name, placeholder }: JsonSettingProps) {
  const { values, set, faults, schema } = useRouteFormLink();
  return (
    <Setting name={name}>
      <Field label={labelOf(name)} hint={hintOf(schema, name)} error={faults[name]}>
        <TextArea
          mono
          rows={4}
          placeholder={placeholder}
          value={values[name]}
          onChange={(value) => set({ [name]: value })}
        />
      </Field>
    </Setting>
  );
}

export interface TextSettingProps {
  readonly name: "id" | "budget_duration" | "tls_server_name";
  readonly label?: string;
  readonly hint?: string;
  readonly placeholder?: string;
}

/** A line of text. */
export function TextSetting({ name, label, hint, placeholder }: TextSettingProps) {
  const { values, set, faults, schema } = useRouteFormLink();
  return (
    <Setting name={name}>
      <Field
        label={label ?? labelOf(name)}
        hint={hint ?? hintOf(schema, name)}
        error={faults[name]}
      >
        <TextInput
          mono
          value={values[name]}
          placeholder={placeholder}
          onChange={(value) => set({ [name]: value })}
        />
      </Field>
    </Setting>
  );
}

/** What is wrong with a setting that has no field of its own. */
export function FaultLine({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : <div className="field-error">{text}</div>;
}
