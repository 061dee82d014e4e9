import { type ReactNode, useState } from "react";
import { Field, Select, type SelectOption, TextInput } from "../parts/field.tsx";

export interface TimeChoiceProps {
  readonly label: string;
  /** A length of time, as `30d`; what the presets have besides stands for itself. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly presets: readonly SelectOption[];
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly isDisabled?: boolean;
}

/** Chosen, and not written yet: the gateway says that it is no length of time. */
const other = "other";

/** A length of time: one of the usual ones, or another. */
export function TimeChoice(props: TimeChoiceProps) {
  const { label, value, onChange, presets, hint, error, isDisabled = false } = props;
  const isPreset = presets.some((preset) => preset.value === value);
  const [wasOther, setOther] = useState(!isPreset);
  const isOther = wasOther || !isPreset;
  const choose = (chosen: string) => {
    setOther(chosen === other);
    onChange(chosen);
  };
  const inField = isOther ? {} : { error };
  return (
    <>
      <Field label={label} hint={hint} {...inField}>
        <Select
          value={isOther ? other : value}
          onChange={choose}
          disabled={isDisabled}
          options={[...presets, { value: other, label: "Another length of time…" }]}
        />
      </Field>
      {isOther && (
        <Field label={`${label}: how long`} hint="As 30m, 12h, 45d, 2w or 6mo." error={error}>
          <TextInput
            mono
            value={value === other ? "" : value}
            disabled={isDisabled}
            onChange={(text) => onChange(text.trim() === "" ? other : text.trim())}
          />
        </Field>
      )}
    </>
  );
}

/** How often a budget begins anew. */
export const budgetPeriods: readonly SelectOption[] = [
  { value: "", label: "Once, in all" },
  { value: "1h", label: "Every hour" },
  { value: "1d", label: "Every day" },
  { value: "7d", label: "Every week" },
  { value: "30d", label: "Every month (30d)" },
];

/** How long a key is valid. */
export const lifetimes: readonly SelectOption[] = [
  { value: "", label: "Never" },
  { value: "1h", label: "In 1 hour" },
  { value: "1d", label: "In 1 day" },
  { value: "7d", label: "In 7 days" },
  { value: "30d", label: "In 30 days" },
  { value: "90d", label: "In 90 days" },
  { value: "12mo", label: "In a year" },
];
