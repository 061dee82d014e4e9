import type { ReactNode } from "react";
import { ApiError } from "../api-error.ts";
import { Button } from "./button.tsx";

export interface ErrorNoteProps {
  readonly error: unknown;
  /** What did not work, as "The routes could not be read." */
  readonly what: string;
  /** What to do, where the page knows better than the status does. */
  readonly hint?: ReactNode;
  readonly retry?: () => void;
}

/** What failed, why, and what to do. */
export function ErrorNote({ error, what, hint, retry }: ErrorNoteProps) {
  const remedy = hint ?? remedyOf(error);
  return (
    <div className="note note-bad" role="alert">
      <p className="note-title">{what}</p>
      <p>{reasonOf(error)}</p>
      {error instanceof ApiError && <FaultList faults={error.faults} />}
      {remedy !== null && <p className="muted">{remedy}</p>}
      {retry !== undefined && <Button onClick={retry}>Try again</Button>}
    </div>
  );
}

/** What is wrong, one by one. */
export function FaultList({ faults }: { readonly faults: readonly string[] }) {
  if (faults.length === 0) return null;
  return (
    <ul className="faults">
      {faults.map((fault, index) => (
        <li key={index}>{fault}</li>
      ))}
    </ul>
  );
}

/** The message without the faults that are listed below it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "Nothing more is known.";
  if (!(error instanceof ApiError) || error.faults.length === 0) return error.message;
  const start = error.message.indexOf(error.faults[0] ?? "");
  return error.message.slice(0, start).trim();
}

const remedies: Readonly<Record<number, string>> = {
  0: "Check that the gateway runs and that this machine reaches it.",
  401: "Sign in again.",
  404: "It may have been deleted meanwhile: reload the list.",
  409: "Reload, look at what changed, and make your change again.",
  429: "Wait a moment, then try again.",
  503: "Try again in a moment.",
};

function remedyOf(error: unknown): string | null {
  if (!(error instanceof ApiError)) return null;
  if (error.retryAfter !== null) return `Try again in ${error.retryAfter} s.`;
  if (error.status === 500) return "The gateway's own log tells more.";
  return remedies[error.status] ?? null;
}
