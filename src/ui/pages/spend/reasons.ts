/** Why a call has no price, and what to do about it. */
export interface Reason {
  readonly why: string;
  readonly remedy: string;
}

const reasons: Readonly<Record<string, Reason>> = {
  no_usage: {
    why: "The reply told no usage",
    remedy:
      "If the upstream tells what was used, write where in usage: of the route. If a call always costs the same, set cost_per_request (0 where it is free).",
  },
  no_model: {
    why: "Nobody named a model",
    remedy: "Say where the model stands with usage.model of the route, or set cost_per_request.",
  },
  no_price: {
    why: "The model, or something it used, has no price",
    remedy: "Add it to model_list with its prices, or write prices: on the route.",
  },
  unparsed: {
    why: "The reply could not be read",
    remedy: "Look at the call: it broke off, or usage: of the route does not fit what came.",
  },
  no_reply: {
    why: "No reply came",
    remedy: "Look at the call for what went wrong; the upstream may have charged all the same.",
  },
};

const unknown: Reason = {
  why: "No reason was written down",
  remedy: "Look at the call. Rows of older versions do not have a reason.",
};

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

/** In words; a reason of a later version stands for itself. */
export function reasonWords(reason: string | null): Reason {
  if (reason === null) return unknown;
  const known = Object.hasOwn(reasons, reason) ? reasons[reason] : undefined;
  return known ?? { why: reason, remedy: unknown.remedy };
}
