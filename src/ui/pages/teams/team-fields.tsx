import { Field, TextInput } from "../../parts/field.tsx";
import type { Faults } from "../../fault-places.ts";
import { PayerFields, payerFieldNames } from "../../payers/payer-fields.tsx";
import type { TeamForm } from "./team-form.ts";

export interface TeamFieldsProps {
  readonly form: TeamForm;
  readonly onChange: (changes: Partial<TeamForm>) => void;
  readonly faults: Faults;
  /** Its id can be chosen now, and never again. */
  readonly isNew?: boolean;
}

/** The fields of `TeamFields`, by the API's names. */
export const teamFieldNames: readonly string[] = ["team_id", "team_alias", ...payerFieldNames];

/** Everything that a team may be given. */
export function TeamFields({ form, onChange, faults, isNew = false }: TeamFieldsProps) {
  return (
    <>
      <div className="payer-grid">
        <Field label="Name" hint="For people." error={faults["team_alias"]}>
          <TextInput value={form.alias} onChange={(alias) => onChange({ alias })} />
        </Field>
        {isNew && (
          <Field label="Id" hint="Empty: it gets one. It stays for good." error={faults["team_id"]}>
            <TextInput mono value={form.id} onChange={(id) => onChange({ id })} />
          </Field>
        )}
      </div>
      <PayerFields form={form} onChange={onChange} faults={faults} owner="team" />
    </>
  );
}
