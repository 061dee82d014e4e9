import { duration } from "../../format.ts";
import type { Timings } from "./events.ts";
import { spansOf } from "./timing.ts";

/** Where the time went: bars, and the numbers beside them. */
export function TimingBars({ timings }: { readonly timings: Timings }) {
  return (
    <section aria-labelledby="test-timing">
      <h3 id="test-timing">Time</h3>
      <ul className="test-spans">
        {spansOf(timings).map(({ id, label, ms, from, share }) => (
          <li key={id}>
            <span>{label}</span>
            <svg
              className="test-span"
              viewBox="0 0 1000 10"
              preserveAspectRatio="none"
              aria-hidden="true"
            >
              <rect className="test-span-track" width="1000" height="10" />
              {ms !== null && (
                <rect
                  className={`test-span-${id}`}
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
    </section>
  );
}
