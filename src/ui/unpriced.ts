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

/** In words; a reason of a later version stands for itself. */
export function reasonWords(reason: string | null): Reason {
  if (reason === null) return unknown;
  const known = Object.hasOwn(reasons, reason) ? reasons[reason] : undefined;
  return known ?? { why: reason, remedy: unknown.remedy };
}
