import { useRef } from "react";
import { Button } from "../parts/button.tsx";
import { Field, NumberInput, Select, TextInput } from "../parts/field.tsx";
import type { ModelLimit } from "./payer-form.ts";
import { budgetPeriods } from "./time-choice.tsx";

export interface ModelLimitsProps {
  readonly limits: readonly ModelLimit[];
  readonly onChange: (limits: readonly ModelLimit[]) => void;
  readonly error: string;
}

const newLimit: ModelLimit = { model: "", rpm: null, tpm: null, budget: null, period: "" };

/** A group of fields for each model that has limits of its own. */
export function ModelLimits({ limits, onChange, error }: ModelLimitsProps) {
  const list = useRef<HTMLFieldSetElement>(null);
  const add = () => {
    onChange([...limits, newLimit]);
    requestAnimationFrame(() => lastRow(list.current)?.querySelector("input")?.focus());
  };
  const remove = (index: number) => {
    onChange(limits.toSpliced(index, 1));
    list.current?.querySelector<HTMLElement>(".payer-add")?.focus();
  };
  return (
    <fieldset ref={list} className="field-group">
      <legend>Models with limits of their own</legend>
      <p className="field-hint">They hold besides the limits above.</p>
      {limits.map((limit, index) => (
        <ModelRow
          key={index}
          limit={limit}
          onChange={(changes) => onChange(limits.with(index, { ...limit, ...changes }))}
          onRemove={() => remove(index)}
        />
      ))}
      {error !== "" && <div className="field-error">{error}</div>}
      <div>
        <Button className="payer-add" onClick={add}>
          Add a model
        </Button>
      </div>
    </fieldset>
  );
}

interface ModelRowProps {
  readonly limit: ModelLimit;
  readonly onChange: (changes: Partial<ModelLimit>) => void;
  readonly onRemove: () => void;
}

function ModelRow({ limit, onChange, onRemove }: ModelRowProps) {
  const { model, rpm, tpm, budget, period } = limit;
  const isUsual = budgetPeriods.some(({ value }) => value === period);
  const periods = isUsual ? budgetPeriods : [...budgetPeriods, { value: period, label: period }];
  return (
    <div className="payer-model" role="group" aria-label={model === "" ? "A model" : model}>
      <div className="payer-model-name">
        <Field label="Model">
          <TextInput mono value={model} onChange={(name) => onChange({ model: name })} />
        </Field>
        <Button
          kind="quiet"
          aria-label={model === "" ? "Remove this model" : `Remove ${model}`}
          onClick={onRemove}
        >
          Remove
        </Button>
      </div>
      <div className="payer-grid payer-grid-4">
        <Field label="Requests per minute">
          <NumberInput value={rpm} onChange={(value) => onChange({ rpm: value })} />
        </Field>
        <Field label="Tokens per minute">
          <NumberInput value={tpm} onChange={(value) => onChange({ tpm: value })} />
        </Field>
        <Field label="Budget (USD)">
          <NumberInput value={budget} onChange={(value) => onChange({ budget: value })} />
        </Field>
        <Field label="Budget period">
          <Select
            value={period}
            disabled={budget === null}
            onChange={(value) => onChange({ period: value })}
            options={periods}
          />
        </Field>
      </div>
    </div>
  );
}

function lastRow(list: HTMLElement | null): Element | null {
  return [...(list?.querySelectorAll(".payer-model") ?? [])].at(-1) ?? null;
}
