import { useEffect, useRef } from "react";
import { labelOf } from "./labels.ts";
import type { Faults } from "../../fault-places.ts";

export interface FaultSummaryProps {
  readonly faults: Faults;
  readonly others: readonly string[];
  /** One more each time that saving failed: the summary then takes the focus. */
  readonly attempt: number;
}

/** All that keeps the route from being saved, each a way to its field. */
export function FaultSummary({ faults, others, attempt }: FaultSummaryProps) {
  const box = useRef<HTMLDivElement>(null);
  const entries = Object.entries(faults);
  const isShown = attempt > 0 && entries.length + others.length > 0;
  useEffect(() => {
    if (attempt > 0) box.current?.focus();
  }, [attempt]);
  if (!isShown) return null;
  return (
    <div ref={box} className="note note-bad" role="alert" tabIndex={-1}>
      <p className="note-title">The route was not saved: look at these first.</p>
      <ul className="faults">
        {entries.map(([name, text]) => (
          <li key={name}>
            <button type="button" className="routes-to-field" onClick={() => focusSetting(name)}>
              {labelOf(name)}
            </button>
            : {text}
          </li>
        ))}
        {others.map((text, index) => (
          <li key={index}>{text}</li>
        ))}
      </ul>
    </div>
  );
}

/** Leads to the first control of a setting, and opens the card around it. */
function focusSetting(name: string): void {
  const place = document.querySelector(`[data-setting="${CSS.escape(name)}"]`);
  const card = place?.closest("details") ?? null;
  if (card !== null) card.open = true;
  place?.querySelector<HTMLElement>("input, select, textarea, button")?.focus();
}
