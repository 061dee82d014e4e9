import { useSyncExternalStore } from "react";

/** The time now, in steps of so many milliseconds: what is shown moves on with it, and not with every look. */
export function useStep(stepMs: number): number {
  return useSyncExternalStore(
    (changed) => {
      const timer = setInterval(changed, 5_000);
      return () => clearInterval(timer);
    },
    () => Math.floor(Date.now() / stepMs) * stepMs,
  );
}
