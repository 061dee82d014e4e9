import type { Timings } from "./events.ts";

/** A part of the time that a call took. */
export interface Span {
  readonly id: "gateway" | "upstream" | "rest" | "total";
  readonly label: string;
  /** Null: not known. */
  readonly ms: number | null;
  /** Where it begins and how long it is, as shares of the whole. */
  readonly from: number;
  readonly share: number;
}

/** Where the time went, in the order in which it passed; the whole last. */
export function spansOf({
  gateway_ms: gateway,
  upstream_first_byte_ms: upstream,
  first_byte_ms: first,
  total_ms: total,
}: Timings): Span[] {
  const share = (ms: number | null) => (ms === null || total <= 0 ? 0 : Math.min(1, ms / total));
  const rest = first === null ? null : Math.max(0, total - first);
  return [
    { id: "gateway", label: "In this gateway", ms: gateway, from: 0, share: share(gateway) },
    {
      id: "upstream",
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
