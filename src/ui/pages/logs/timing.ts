import type { TimeSpan } from "../../parts/time-bars.tsx";
import type { LogReply } from "../../replies.ts";

/** What a call tells of its times. */
export type Timed = Pick<LogReply, "first_byte_ms" | "request_duration_ms" | "overhead_ms">;

/** The gateway's own time, the wait for the first byte, and the rest; what is not known is left out. */
export function spansOf(call: Timed): readonly TimeSpan[] {
  const { request_duration_ms: whole, overhead_ms: overhead, first_byte_ms: first } = call;
  const own = Math.min(overhead ?? 0, whole);
  const parts: [TimeSpan["id"], string, number][] = [];
  if (overhead !== null) parts.push(["gateway", "In this gateway", own]);
  if (first !== null) {
    const answered = Math.min(Math.max(first, own), whole);
    parts.push(["first", "Upstream, until its first byte", answered - own]);
    parts.push(["rest", "Upstream, the rest of the reply", whole - answered]);
  } else parts.push(["rest", "Until the call ended", whole - own]);
  let at = 0;
  return parts.map(([id, label, ms]) => {
    const span = { id, label, ms, from: shareOf(at, whole), share: shareOf(ms, whole) };
    at += ms;
    return span;
  });
}

function shareOf(ms: number, whole: number): number {
  return whole > 0 ? ms / whole : 0;
}
