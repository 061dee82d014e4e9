import type { TimeSpan } from "../../parts/time-bars.tsx";
import type { Timings } from "./events.ts";

/** Where the time went, in the order in which it passed; the whole last. */
export function spansOf({
  gateway_ms: gateway,
  upstream_first_byte_ms: upstream,
  first_byte_ms: first,
  total_ms: total,
}: Timings): TimeSpan[] {
  const share = (ms: number | null) => (ms === null || total <= 0 ? 0 : Math.min(1, ms / total));
  const rest = first === null ? null : Math.max(0, total - first);
  return [
    { id: "gateway", label: "In this gateway", ms: gateway, from: 0, share: share(gateway) },
    {
      id: "first",
      label: "Upstream, until its first byte",
      ms: upstream,
      from: share(gateway),
      share: share(upstream),
    },
    {
      id: "rest",
      label: "Upstream, the rest of the reply",
      ms: rest,
      from: share(first),
      share: share(rest),
    },
    { id: "total", label: "Total", ms: total, from: 0, share: 1 },
  ];
}
