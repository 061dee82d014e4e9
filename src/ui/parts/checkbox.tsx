import { type InputHTMLAttributes, type ReactNode, useId } from "react";

type Rest = Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "checked" | "type">;

export interface CheckboxProps extends Rest {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly hint?: ReactNode;
}

/** A yes or no, with its own label. */
export function Checkbox({ label, checked, onChange, hint, ...rest }: CheckboxProps) {
  const id = useId();
  const hintId = hint === undefined ? undefined : `${id}-hint`;
  return (
    <div className="checkbox">
      <input
        {...rest}
        type="checkbox"
        id={id}
        aria-describedby={hintId}
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint !== undefined && (
          <div className="field-hint" id={hintId}>
            {hint}
          </div>
        )}
      </div>
    </div>
  );
}
