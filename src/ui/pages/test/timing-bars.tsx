import { TimeBars } from "../../parts/time-bars.tsx";
import type { Timings } from "./events.ts";
import { spansOf } from "./timing.ts";

/** Where the time of a call that was tried out went. */
export function TimingBars({ timings }: { readonly timings: Timings }) {
  return (
    <section aria-labelledby="test-timing">
      <h3 id="test-timing">Time</h3>
      <TimeBars spans={spansOf(timings)} />
    </section>
  );
}
