import { duration } from "../format.ts";

/** A part of the time that a call took. */
export interface TimeSpan {
  readonly id: "gateway" | "first" | "rest" | "total";
  readonly label: string;
  /** Null: not known. */
  readonly ms: number | null;
  /** Where it begins and how long it is, as shares of the whole. */
  readonly from: number;
  readonly share: number;
}

/** Where the time went: bars, and the numbers beside them. */
export function TimeBars({ spans }: { readonly spans: readonly TimeSpan[] }) {
  return (
    <ul className="time-bars">
      {spans.map(({ id, label, ms, from, share }) => (
        <li key={id}>
          <span>{label}</span>
          <svg
            className="time-bar"
            viewBox="0 0 1000 10"
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            <rect className="time-bar-track" width="1000" height="10" />
            {ms !== null && (
              <rect
                className={`time-bar-${id}`}
                x={Math.min(996, from * 1000)}
                width={Math.max(4, share * 1000)}
                height="10"
              />
            )}
          </svg>
          <span className="end">{duration(ms)}</span>
        </li>
      ))}
    </ul>
  );
}
