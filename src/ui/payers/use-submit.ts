import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";
import { ApiError } from "../api-error.ts";
import { type Faults, type PlacedFaults, placeFaults } from "../fault-places.ts";

export interface SubmitOptions {
  /** What can be seen to be wrong without asking. */
  readonly check: () => Faults;
  readonly send: () => Promise<void>;
  /** The fields that the form shows, by the API's names. */
  readonly fields: readonly string[];
}

export interface Submit {
  readonly form: RefObject<HTMLFormElement | null>;
  readonly onSubmit: (event: FormEvent) => void;
  readonly isBusy: boolean;
  readonly faults: Faults;
  readonly others: readonly string[];
  /** Refused for something that no field is to blame for. */
  readonly error: unknown;
}

interface Outcome extends Pick<Submit, "faults" | "others" | "error"> {
  readonly attempt: number;
}

const untried: Outcome = { faults: {}, others: [], error: null, attempt: 0 };

/** Sends a form; what is wrong stands at its fields, and the first of them takes the focus. */
export function useSubmit({ check, send, fields }: SubmitOptions): Submit {
  const form = useRef<HTMLFormElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState(untried);
  const { attempt, ...shown } = outcome;
  useEffect(() => {
    if (attempt > 0) focusFault(form.current);
  }, [attempt]);

  const fail = (failed: Partial<Outcome>) =>
    setOutcome((before) => ({ ...untried, ...failed, attempt: before.attempt + 1 }));
  const submit = async () => {
    const faults = check();
    if (Object.keys(faults).length > 0) return fail({ faults });
    setBusy(true);
    try {
      await send();
      setOutcome(untried);
    } catch (error) {
      fail(faultsOf(error, fields) ?? { error });
    }
    setBusy(false);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) void submit();
  };
  return { form, onSubmit, isBusy, ...shown };
}

/** The first field that is wrong, in whatever it is folded away, or else what stands above the form. */
function focusFault(form: HTMLFormElement | null): void {
  const place =
    form?.querySelector("[aria-invalid], .field-error")?.closest(".field, .field-group") ?? null;
  const fold = place?.closest("details") ?? null;
  if (fold !== null) fold.open = true;
  const target = place?.querySelector<HTMLElement>("input, select, textarea, button");
  (target ?? form?.querySelector<HTMLElement>("[data-summary]"))?.focus();
}

/** The faults that a form can show, of what sending it has thrown; null where it was refused for something else. */
function faultsOf(error: unknown, fields: readonly string[]): PlacedFaults | null {
  if (!(error instanceof ApiError) || error.status !== 400 || error.faults.length === 0)
    return null;
  return placeFaults(error.faults, fields);
}
