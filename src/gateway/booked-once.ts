import type { Metered } from "../core/metering.ts";

/** What was booked with another call: by its name, the last ones. */
const bookedOnce = new Set<string>();
const maxBookedOnce = 10_000;

/** Told by several replies and used once (a transcript that is polled): true from the second one on. */
export function isBookedAlready(metered: Metered | null): boolean {
  const name = metered?.once ?? null;
  if (name === null || metered?.usage === null) return false;
  if (bookedOnce.has(name)) return true;
  const [oldest] = bookedOnce;
  if (bookedOnce.size >= maxBookedOnce && oldest !== undefined) bookedOnce.delete(oldest);
  bookedOnce.add(name);
  return false;
}
