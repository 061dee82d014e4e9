import { useState } from "react";
import { api, useReload } from "../../api.ts";
import { FormDialog } from "../../payers/form-dialog.tsx";
import type { IssuedKey } from "./issued-dialog.tsx";
import { KeyFields, keyFieldNames } from "./key-fields.tsx";
import { emptyKey, type KeyForm, keyFaults, newKeyBody } from "./key-form.ts";
import { useSubmit } from "../../payers/use-submit.ts";

export interface CreateDialogProps {
  readonly onClose: () => void;
  readonly onIssued: (issued: IssuedKey) => void;
  /** The team that is chosen at first. */
  readonly team?: string;
}

/** Makes a key. */
export function CreateDialog({ onClose, onIssued, team = "" }: CreateDialogProps) {
  const [form, setForm] = useState<KeyForm>({ ...emptyKey, team });
  const reload = useReload();
  const submit = useSubmit({
    fields: keyFieldNames,
    check: () => keyFaults(form),
    send: async () => {
      const issued = await api.post<IssuedKey>("/key/generate", newKeyBody(form));
      onIssued(issued);
      void reload("/key/");
      void reload("/team/info");
    },
  });
  return (
    <FormDialog
      submit={submit}
      title="Create a key"
      action="Create the key"
      failure="The key was not made"
      onClose={onClose}
    >
      <p className="muted">
        Everything may be left empty, and changed later. The key itself is shown once, after this.
      </p>
      <KeyFields
        form={form}
        onChange={(changes) => setForm((before) => ({ ...before, ...changes }))}
        faults={submit.faults}
      />
    </FormDialog>
  );
}
