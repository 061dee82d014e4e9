/** What to do about a refusal of the gateway's own, by its code. */
const remedies: Readonly<Record<string, string>> = {
  key_invalid: "Choose another key above: this one is missing, unknown, expired or blocked.",
  key_unavailable:
    "Set LITELLM_MASTER_KEY, or general_settings.master_key, and restart the gateway.",
  budget_exceeded:
    "Raise the budget of the key, its team or the route, or wait until it starts anew.",
  rate_limited: "Wait a moment, or raise the limit of the key, its team or the route.",
  parallel_limited: "Wait until other calls have ended, or raise the limit of calls at once.",
  too_many_failures: "Too many wrong keys came from this address: wait a moment.",
  model_not_allowed: "Allow this model for the key, or name another one.",
  model_unreadable:
    "Name the model in the body as its API wants it: the key is limited to some models.",
  route_not_allowed: "Allow this route for the key, or choose another key.",
  route_not_found: "No route serves this path: compare it with the list of routes, or make one.",
  method_not_allowed: "Choose another method, or allow this one on the route.",
  path_invalid: "Write the path without dot segments.",
  body_not_allowed: "Choose another method, or send no body.",
  body_too_large: "Send less, or raise the route's limit for bodies.",
  address_not_allowed: "Add this machine's address to allowed_ips.",
  upstream_unreachable: "Check the route's target: nothing answers there.",
  upstream_dns: "Check the name in the route's target: it cannot be resolved.",
  upstream_tls: "Check the target's certificate, or name its authority on the route.",
  upstream_protocol: "Check that the target speaks HTTP on this port.",
  upstream_not_allowed:
    "The target is a private address: allow it with allow_private_targets, where it is meant.",
  upstream_connect_timeout: "Check that the target can be reached from the gateway's machine.",
  upstream_timeout: "Raise the route's timeout, where the upstream needs longer.",
  upstream_idle:
    "The upstream's stream stood still: try again, or raise the route's stream timeout.",
  max_duration: "Raise the route's longest duration, where calls need longer.",
  stream_broken: "The upstream closed the connection in between: try again.",
  client_closed: "It was stopped here.",
  ledger_unavailable: "Check the disk that the ledger is on.",
  overloaded: "Wait a moment: the gateway has as many calls as it can hold.",
  gateway_stopped: "Wait until the gateway runs again.",
  internal: "The gateway's own log tells more.",
};

/** What to do; null where a code says nothing. */
export function remedyOf(code: string): string | null {
  return Object.hasOwn(remedies, code) ? (remedies[code] ?? null) : null;
}

/** What an upstream's refusal mostly means; null for a success. */
export function upstreamHint(status: number): string | null {
  if (status < 400) return null;
  if (status === 401 || status === 403) {
    return "The upstream refused the credentials: check the headers that the route sends, below “What went up”.";
  }
  if (status === 404)
    return "The upstream does not know this path: compare the URL below “What went up”.";
  if (status === 429) return "The upstream's own limit is reached: wait, or raise it there.";
  return status >= 500
    ? "The upstream failed: its reply may tell more."
    : "The upstream refused the request: its reply tells why.";
}
