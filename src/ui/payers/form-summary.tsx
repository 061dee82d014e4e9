import { ErrorNote, FaultList } from "../parts/error-note.tsx";
import type { Submit } from "./use-submit.ts";

export interface FormSummaryProps {
  readonly submit: Pick<Submit, "faults" | "others" | "error">;
  /** As "The key was not made". */
  readonly what: string;
}

/** Above a form: that it was not taken, and what no field can tell. */
export function FormSummary({ submit, what }: FormSummaryProps) {
  const { faults, others, error } = submit;
  const wrong = Object.keys(faults).length;
  if (error === null && wrong + others.length === 0) return null;
  return (
    <div data-summary tabIndex={-1}>
      {error !== null && <ErrorNote error={error} what={`${what}.`} />}
      {error === null && (
        <div className="note note-bad" role="alert">
          <p className="note-title">
            {what}
            {wrong > 0 && `: ${wrong === 1 ? "one field is" : `${wrong} fields are`} marked below`}.
          </p>
          <FaultList faults={others} />
        </div>
      )}
    </div>
  );
}
