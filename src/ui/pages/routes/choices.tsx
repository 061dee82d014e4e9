import { useId } from "react";
import { FieldGroup } from "../../parts/field.tsx";

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

export interface ChoicesProps<Value extends string> {
  readonly legend: string;
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
}

/** One of a few, all of them in view. */
export function Choices<Value extends string>(props: ChoicesProps<Value>) {
  const { legend, value: chosen, choices, onChange } = props;
  const id = useId();
  return (
    <FieldGroup legend={legend}>
      {choices.map(({ value, label, hint }) => (
        <div className="checkbox" key={value}>
          <input
            type="radio"
            id={`${id}-${value}`}
            name={id}
            checked={value === chosen}
            aria-describedby={hint === undefined ? undefined : `${id}-${value}-hint`}
            onChange={() => onChange(value)}
          />
          <div>
            <label htmlFor={`${id}-${value}`}>{label}</label>
            {hint !== undefined && (
              <div className="field-hint" id={`${id}-${value}-hint`}>
                {hint}
              </div>
            )}
          </div>
        </div>
      ))}
    </FieldGroup>
  );
}
