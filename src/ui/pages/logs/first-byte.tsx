import { duration } from "../../format.ts";
import { firstByteMs, type Timed } from "./timing.ts";

/** After how long the reply's first byte came; it is told to the millisecond. */
export function FirstByte({ call }: { readonly call: Timed }) {
  const ms = firstByteMs(call);
  if (ms === null) return <span className="muted">none</span>;
  return ms === 0 ? "< 1 ms" : duration(ms);
}
