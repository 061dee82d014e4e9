import type { UsageFold } from "../core/metering.ts";
import type { Usage } from "../core/usage.ts";
import { type Counts, readCounts } from "./fields.ts";

/** The usage of one message; null where it tells none. */
type Read = (message: unknown, counts: Counts) => Usage | null;

/** A message that tells usage tells all of it; the last one that does holds. None names a model. */
export function lastTold(provider: string, markers: readonly string[], read: Read): UsageFold {
  const counts = readCounts();
  let usage: Usage | null = null;
  return {
    markers,
    add(message) {
      usage = read(message, counts) ?? usage;
    },
    result: () => ({
      provider: usage === null ? null : provider,
      model: null,
      usage,
      isFinal: usage !== null,
      isInvalid: counts.isInvalid,
      once: null,
    }),
  };
}
