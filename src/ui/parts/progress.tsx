import { percent } from "../format.ts";
import { classes } from "./classes.ts";

export interface ProgressBarProps {
  readonly value: number;
  readonly max: number;
  readonly label: string;
  /** Shown and read out, as "$1.20 of $5.00"; else the share. */
  readonly text?: string;
}

/** How much of a whole: yellow from 80 %, red at its end. */
export function ProgressBar({ value, max, label, text }: ProgressBarProps) {
  const ratio = max > 0 ? value / max : value > 0 ? 1 : 0;
  const words = text ?? percent(ratio);
  const kind = ratio >= 1 ? "bad" : ratio >= 0.8 ? "warn" : "ok";
  return (
    <div className="progress">
      <div
        className={classes("progress-track", `progress-${kind}`)}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(Math.min(1, ratio) * 100)}
        aria-valuetext={words}
      >
        <div className="progress-value" style={{ width: `${Math.min(100, ratio * 100)}%` }} />
      </div>
      <span className="progress-text">{words}</span>
    </div>
  );
}

/** Something is under way. */
export function Spinner({ label = "Loading" }: { readonly label?: string }) {
  return (
    <span className="spinner-line" role="status">
      <span className="spinner" aria-hidden="true" /> {label}…
    </span>
  );
}

/** Holds the place of what is still loading. */
export function Skeleton({ lines = 4 }: { readonly lines?: number }) {
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">Loading…</span>
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className="skeleton-line" />
      ))}
    </div>
  );
}
