import { useId, useState } from "react";
import { api, useReload } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { FormSummary } from "./form-summary.tsx";
import type { IssuedKey } from "./issued-dialog.tsx";
import { KeyFields, keyFieldNames } from "./key-fields.tsx";
import { emptyKey, type KeyForm, keyFaults, newKeyBody } from "./key-form.ts";
import { useSubmit } from "./use-submit.ts";

export interface CreateDialogProps {
  readonly onClose: () => void;
  readonly onIssued: (issued: IssuedKey) => void;
  /** The team that is chosen at first. */
  readonly team?: string;
}

/** Makes a key. */
export function CreateDialog({ onClose, onIssued, team = "" }: CreateDialogProps) {
  const id = useId();
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
  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" form={id} kind="primary" busy={submit.isBusy}>
        Create the key
      </Button>
    </>
  );
  return (
    <Dialog open wide onClose={onClose} title="Create a key" footer={footer}>
      <form id={id} ref={submit.form} onSubmit={submit.onSubmit} noValidate>
        <FormSummary submit={submit} what="The key was not made" />
        <p className="muted">
          Everything may be left empty, and changed later. The key itself is shown once, after this.
        </p>
        <KeyFields
          form={form}
          onChange={(changes) => setForm((before) => ({ ...before, ...changes }))}
          faults={submit.faults}
        />
      </form>
    </Dialog>
  );
}
