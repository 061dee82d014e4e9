import { Checkbox, Field, NumberInput, type SelectOption, TextInput } from "../../parts/field.tsx";
import type { Faults } from "../../fault-places.ts";
import type { KeyForm } from "./key-form.ts";
import { PayerFields, payerFieldNames } from "../../payers/payer-fields.tsx";
import { TeamChoice } from "./team-choice.tsx";
import { lifetimes, TimeChoice } from "../../payers/time-choice.tsx";

export interface KeyFieldsProps {
  readonly form: KeyForm;
  readonly onChange: (changes: Partial<KeyForm>) => void;
  readonly faults: Faults;
  /** The end that it has, as the first choice; none of a new key. */
  readonly end?: SelectOption;
}

/** The fields of `KeyFields`, by the API's names. */
export const keyFieldNames: readonly string[] = [
  ["key_alias", "team_id", "user_id", "user_role", "duration", "soft_budget"],
  payerFieldNames,
].flat();

/** Everything that a key may be given. */
export function KeyFields({ form, onChange, faults, end }: KeyFieldsProps) {
  return (
    <>
      <div className="payer-grid">
        <Field
          label="Alias"
          hint="A name of its own, for people: web-app, nightly-jobs."
          error={faults["key_alias"]}
        >
          <TextInput value={form.alias} onChange={(alias) => onChange({ alias })} />
        </Field>
        <TeamChoice
          none="No team"
          hint="Its limits and its budget hold, too."
          value={form.team}
          onChange={(team) => onChange({ team })}
          error={faults["team_id"]}
        />
        <Field
          label="User"
          hint="Whose key it is: a name in the records."
          error={faults["user_id"]}
        >
          <TextInput value={form.user} onChange={(user) => onChange({ user })} />
        </Field>
        <TimeChoice
          label="Expires"
          presets={end === undefined ? lifetimes : [end, ...lifetimes]}
          value={form.lifetime}
          onChange={(lifetime) => onChange({ lifetime })}
          error={faults["duration"]}
        />
      </div>
      <PayerFields
        form={form}
        onChange={onChange}
        faults={faults}
        owner="key"
        besideBudget={
          <Field
            label="Warn from (USD)"
            hint="Spend from which on the key is marked."
            error={faults["soft_budget"]}
          >
            <NumberInput
              value={form.softBudget}
              onChange={(softBudget) => onChange({ softBudget })}
            />
          </Field>
        }
      />
      <AdminField form={form} onChange={onChange} faults={faults} />
    </>
  );
}

function AdminField({ form, onChange, faults }: KeyFieldsProps) {
  return (
    <>
      <Checkbox
        label="Admin key"
        hint="It may use this page and the whole admin API: make and revoke keys, change routes, read every log."
        checked={form.isAdmin}
        onChange={(isAdmin) => onChange({ isAdmin })}
      />
      {form.isAdmin && (
        <div className="note note-warn">
          <p className="note-title">An admin key is as good as the master key.</p>
          <p>
            Its routes do not limit it. Give it to people who run this gateway, and never to an
            application.
          </p>
        </div>
      )}
      {faults["user_role"] !== undefined && (
        <div className="field-error">{faults["user_role"]}</div>
      )}
    </>
  );
}
