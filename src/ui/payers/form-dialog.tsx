import { type ReactNode, useId } from "react";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { FormSummary } from "./form-summary.tsx";
import type { Submit } from "./use-submit.ts";

export interface FormDialogProps {
  readonly submit: Submit;
  readonly title: string;
  /** The button's words, as "Create the key". */
  readonly action: string;
  /** As "The key was not made". */
  readonly failure: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A form for something new. */
export function FormDialog(props: FormDialogProps) {
  const { submit, title, action, failure, onClose, children } = props;
  const id = useId();
  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" form={id} kind="primary" busy={submit.isBusy}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog open wide onClose={onClose} title={title} footer={footer}>
      <form id={id} ref={submit.form} onSubmit={submit.onSubmit} noValidate>
        <FormSummary submit={submit} what={failure} />
        {children}
      </form>
    </Dialog>
  );
}
