import { type ReactNode, useId } from "react";
import { FieldContext } from "./field-context.ts";

export { Checkbox, type CheckboxProps } from "./checkbox.tsx";
export {
  NumberInput,
  SecretInput,
  Select,
  type SelectOption,
  TextArea,
  TextInput,
} from "./inputs.tsx";

export interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  readonly required?: boolean;
  readonly children: ReactNode;
}

/** A label, a control, and what there is to say about it. Holds exactly one control. */
export function Field({ label, hint, error, required = false, children }: FieldProps) {
  const id = useId();
  const isInvalid = isSaid(error);
  const describedBy =
    [isSaid(hint) && `${id}-hint`, isInvalid && `${id}-error`].filter(Boolean).join(" ") ||
    undefined;
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {required && <span className="field-required"> (required)</span>}
      </label>
      <FieldContext value={{ id, describedBy, isInvalid, isRequired: required }}>
        {children}
      </FieldContext>
      {isSaid(hint) && (
        <div className="field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {isInvalid && (
        <div className="field-error" id={`${id}-error`}>
          {error}
        </div>
      )}
    </div>
  );
}

function isSaid(text: ReactNode): boolean {
  return text !== undefined && text !== null && text !== "" && text !== false;
}

export interface FieldGroupProps {
  readonly legend: ReactNode;
  readonly hint?: ReactNode;
  readonly children: ReactNode;
}

/** Controls that belong together. */
export function FieldGroup({ legend, hint, children }: FieldGroupProps) {
  const id = useId();
  return (
    <fieldset className="field-group" aria-describedby={isSaid(hint) ? id : undefined}>
      <legend>{legend}</legend>
      {isSaid(hint) && (
        <p className="field-hint" id={id}>
          {hint}
        </p>
      )}
      {children}
    </fieldset>
  );
}
