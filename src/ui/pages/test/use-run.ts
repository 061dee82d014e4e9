import { useSyncExternalStore } from "react";
import type { TestRun } from "./run.ts";

/** Draws anew whenever something happened to the run. */
export function useRun(run: TestRun): number {
  return useSyncExternalStore(run.subscribe, () => run.version);
}
