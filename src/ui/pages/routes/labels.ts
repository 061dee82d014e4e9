/** What the form calls each setting. */
export const labels: Readonly<Record<string, string>> = {
  id: "Id",
  path: "Path",
  target: "Target",
  include_subpath: "Serve everything below this path too",
  methods: "Methods",
  headers: "Headers sent upstream",
  forward_headers: "Forward the caller's headers",
  default_query_params: "Query defaults",
  merge_query_params: "Merge queries",
  auth: "Who may call",
  custom_auth_parser: "Take the key out of HTTP Basic, as Langfuse's clients send it",
  timeout: "Wait for the reply (seconds)",
  connect_timeout: "Wait for a connection (seconds)",
  stream_idle_timeout: "Longest silence in a reply (seconds)",
  max_duration: "Longest call (seconds)",
  client_idle_timeout: "Longest standstill of a caller (seconds)",
  max_body_size: "Largest request body (bytes)",
  rpm_limit: "Requests per minute",
  tpm_limit: "Tokens per minute",
  max_parallel_requests: "Calls at once",
  max_budget: "Budget (USD)",
  budget_duration: "Budget period",
  cost_per_request: "Cost per request (USD)",
  provider: "Usage format",
  usage: "Where usage stands (JSON)",
  prices: "Prices by unit (JSON)",
  log: "What is kept of calls",
  trust_upstream_cost: "Trust the upstream's own cost",
  request_stream_usage: "Ask streams for their usage",
  drain_on_disconnect: "Read on after the caller left",
  tls: "TLS",
};

/** A setting for people; its own name where the form does not know it. */
export function labelOf(name: string): string {
  return labels[name] ?? name;
}
