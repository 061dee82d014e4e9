import { duration } from "../../format.ts";
import type { Timed } from "./timing.ts";

/** After how long the reply's first byte came. */
export function FirstByte({ call }: { readonly call: Pick<Timed, "first_byte_ms"> }) {
  if (call.first_byte_ms === null) return <span className="muted">none</span>;
  return duration(call.first_byte_ms);
}
