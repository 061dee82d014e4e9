import type { ReactNode } from "react";
import { Field, NumberInput, TextArea } from "../parts/field.tsx";
import type { Faults } from "../fault-places.ts";
import { Fold } from "./fold.tsx";
import { ModelLimits } from "./model-limits.tsx";
import type { PayerForm } from "./payer-form.ts";
import { RouteChoice } from "./route-choice.tsx";
import { budgetPeriods, TimeChoice } from "./time-choice.tsx";

export interface PayerFieldsProps {
  readonly form: PayerForm;
  readonly onChange: (changes: Partial<PayerForm>) => void;
  readonly faults: Faults;
  /** Whose they are. */
  readonly owner: "key" | "team";
  /** Another field about money. */
  readonly besideBudget?: ReactNode;
}

/** The fields of `PayerFields`, by the API's names. */
export const payerFieldNames = [
  ["models", "allowed_routes", "allowed_passthrough_routes", "tags", "metadata"],
  ["max_budget", "budget_duration", "rpm_limit", "tpm_limit", "max_parallel_requests"],
  ["model_rpm_limit", "model_tpm_limit", "model_max_budget"],
].flat();

/** What may be spent and how fast, then what keys and teams are given besides. */
export function PayerFields(props: PayerFieldsProps) {
  const { form, onChange, faults, owner } = props;
  const modelFault = ["model_max_budget", "model_rpm_limit", "model_tpm_limit"]
    .flatMap((name) => faults[name] ?? [])
    .join(" ");
  return (
    <>
      <BudgetFields {...props} />
      <RateFields {...props} />
      <Fold
        title="Routes and models"
        isSet={form.routes.length > 0 || form.patterns !== "" || form.models !== ""}
      >
        <RouteChoice {...props} />
        <Field
          label="Models"
          hint={`One on each line, by name or pattern (gpt-4*). Empty: every model${owner === "key" ? " that its team may use" : ""}.`}
          error={faults["models"]}
        >
          <TextArea mono rows={3} value={form.models} onChange={(models) => onChange({ models })} />
        </Field>
      </Fold>
      <Fold title="Limits for single models" isSet={form.modelLimits.length > 0}>
        <ModelLimits
          limits={form.modelLimits}
          onChange={(modelLimits) => onChange({ modelLimits })}
          error={modelFault}
        />
      </Fold>
      <Fold title="Tags and metadata" isSet={form.tags !== "" || form.metadata !== ""}>
        <Field
          label="Tags"
          hint="One on each line. They stand in the record of every call: spend can be summed up by them."
          error={faults["tags"]}
        >
          <TextArea rows={3} value={form.tags} onChange={(tags) => onChange({ tags })} />
        </Field>
        <Field
          label="Metadata (JSON)"
          hint="A JSON object that is kept and shown, and not looked at."
          error={faults["metadata"]}
        >
          <TextArea
            mono
            rows={4}
            value={form.metadata}
            onChange={(metadata) => onChange({ metadata })}
          />
        </Field>
      </Fold>
    </>
  );
}

function BudgetFields({ form, onChange, faults, besideBudget }: PayerFieldsProps) {
  return (
    <div className="payer-grid">
      <Field label="Budget (USD)" hint="Empty: no budget." error={faults["max_budget"]}>
        <NumberInput value={form.budget} onChange={(budget) => onChange({ budget })} />
      </Field>
      <TimeChoice
        label="Budget period"
        hint="When it begins anew, by the calendar in UTC."
        presets={budgetPeriods}
        value={form.period}
        onChange={(period) => onChange({ period })}
        error={faults["budget_duration"]}
        isDisabled={form.budget === null}
      />
      {besideBudget}
    </div>
  );
}

function RateFields({ form, onChange, faults }: PayerFieldsProps) {
  return (
    <div className="payer-grid payer-grid-3">
      <Field label="Requests per minute" error={faults["rpm_limit"]}>
        <NumberInput value={form.rpm} onChange={(rpm) => onChange({ rpm })} />
      </Field>
      <Field label="Tokens per minute" error={faults["tpm_limit"]}>
        <NumberInput value={form.tpm} onChange={(tpm) => onChange({ tpm })} />
      </Field>
      <Field label="Calls at once" error={faults["max_parallel_requests"]}>
        <NumberInput value={form.parallel} onChange={(parallel) => onChange({ parallel })} />
      </Field>
    </div>
  );
}
