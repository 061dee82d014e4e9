import type { RefusedEntry } from "../core/journal.ts";

/** Counts of calls that were refused before authentication, until they are written. */
export class TurnedAway {
  #counts = new Map<string, RefusedEntry>();

  count(route: string | null, code: string, now: number): void {
    const minute = now - (now % 60_000);
    const name = `${minute} ${code} ${route ?? ""}`;
    const before = this.#counts.get(name)?.count ?? 0;
    const entry = { kind: "refused", minute, route: route ?? "", code, count: before + 1 } as const;
    this.#counts.set(name, entry);
  }

  /** What was counted since the last time. */
  take(): readonly RefusedEntry[] {
    const entries = [...this.#counts.values()];
    if (entries.length > 0) this.#counts = new Map();
    return entries;
  }
}
