import { type Reason, reasonWords } from "../../unpriced.ts";

/** Calls without a price of one route and model, for one reason: of `GET /spend/unpriced`. */
export interface UnpricedGroup {
  readonly route: string;
  readonly model: string | null;
  readonly reason: string | null;
  /** Whose cost is not known. */
  readonly calls: number;
  /** Further ones, for which what was on hold was booked. */
  readonly held: number;
  readonly last_request_id: string;
  readonly last_at: string;
}

/** A reason with how many calls have it. */
export interface ReasonCount extends Reason {
  readonly calls: number;
}

/** Each reason once, the most frequent first; calls whose hold was booked are among them. */
export function reasonCounts(groups: readonly UnpricedGroup[]): ReasonCount[] {
  const counts = [...Map.groupBy(groups, ({ reason }) => reason)].map(([reason, ones]) => ({
    ...reasonWords(reason),
    calls: ones.reduce((sum, { calls, held }) => sum + calls + held, 0),
  }));
  return counts.sort((a, b) => b.calls - a.calls);
}
