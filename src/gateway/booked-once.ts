import type { Metered } from "../core/metering.ts";
import type { CallRecord } from "../core/types.ts";

/** What was booked with another call: by its name, the last ones. */
const booked = new Set<string>();
const maxBooked = 10_000;

/** Told by several replies and used once (a transcript that is polled): true from the second one on. */
export function isBookedAlready(metered: Metered | null): boolean {
  const name = metered?.once ?? null;
  return name !== null && booked.has(name);
}

/** What is booked for it is booked for the others too: once all of it was told, and it has a price. Gives `settled`. */
export function bookedOnce<Settled extends Pick<CallRecord, "costNanoUsd">>(
  metered: Metered | null,
  settled: Settled,
): Settled {
  const name = metered?.once ?? null;
  if (name === null || metered?.isFinal !== true || (settled.costNanoUsd ?? 0) === 0)
    return settled;
  const [oldest] = booked;
  if (booked.size >= maxBooked && oldest !== undefined) booked.delete(oldest);
  booked.add(name);
  return settled;
}
