import type { ReactNode } from "react";
import { Button } from "../parts/button.tsx";
import { Card } from "../parts/card.tsx";
import { LeaveGuard } from "../parts/leave-guard.tsx";
import { FormSummary } from "./form-summary.tsx";
import type { Submit } from "./use-submit.ts";

export interface EditCardProps {
  readonly submit: Submit;
  /** As "The key was not changed". */
  readonly failure: string;
  /** There is something to lose. */
  readonly isChanged: boolean;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

/** Settings while they are changed. */
export function EditCard({ submit, failure, isChanged, onCancel, children }: EditCardProps) {
  return (
    <Card title="Settings">
      <LeaveGuard isActive={isChanged} />
      <form ref={submit.form} className="stack" onSubmit={submit.onSubmit} noValidate>
        <FormSummary submit={submit} what={failure} />
        {children}
        <div className="row">
          <Button type="submit" kind="primary" busy={submit.isBusy}>
            Save
          </Button>
          <Button onClick={onCancel}>Cancel</Button>
        </div>
      </form>
    </Card>
  );
}
