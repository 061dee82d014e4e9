import { type Static, type TSchema, Type } from "@sinclair/typebox";

/**
 * What becomes of a key that this version does not serve yet. `refuse`: it protects or translates, so a start
 * without it would let something pass that was meant to be held: a fault. `warn`: it only records.
 */
export type NotYet = "refuse" | "warn";

declare module "@sinclair/typebox" {
  interface SchemaOptions {
    notYet?: NotYet;
    /** How this gateway's behaviour differs from LiteLLM's for this key. */
    differs?: string;
    /** A misspelling of this key is a fault, not a warning: it would leave something open. */
    protects?: boolean;
  }
}

const later = (notYet: NotYet, description: string) =>
  Type.Optional(Type.Unknown({ notYet, description, protects: notYet === "refuse" }));

const optional = <S extends TSchema>(schema: S) => Type.Optional(schema);

const Seconds = (description: string) =>
  Type.Number({ exclusiveMinimum: 0, maximum: 31_536_000, description: `${description} Seconds.` });

const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);

/** `tls` of an endpoint: how its upstream's certificate is checked, and which one we show. */
export const EndpointTls = Type.Object(
  {
    ca: optional(Type.String({ description: "PEM file of the authorities to trust." })),
    cert: optional(Type.String({ description: "PEM file of the certificate we show." })),
    key: optional(Type.String({ description: "PEM file of that certificate's key." })),
    server_name: optional(
      Type.String({
        description: "Name that the certificate must be for, in place of the host's.",
      }),
    ),
    verify: optional(Type.Boolean({ description: "false: take any certificate.", protects: true })),
  },
  { description: "TLS towards this upstream. Paths are relative to the config file." },
);
export type EndpointTls = Static<typeof EndpointTls>;

/** One entry of `general_settings.pass_through_endpoints`. */
export const Endpoint = Type.Object({
  id: optional(Type.String({ minLength: 1, description: "Identifies it in logs and lists." })),
  path: Type.String({
    pattern: "^/[^?#\\s]*$",
    description: "Path served by this gateway; starts with / and holds no query.",
  }),
  target: Type.String({
    minLength: 1,
    description: "Where its requests go: an http(s) URL, or tollgate://sample.",
  }),
  enabled_if: optional(
    Type.String({
      minLength: 1,
      description: "Environment variables, comma-separated: it exists only while all are set.",
    }),
  ),
  headers: optional(
    Type.Record(Type.String(), Scalar, {
      description: "Sent upstream, over the client's own. Values may hold os.environ/NAME.",
      differs: "os.environ/ may stand anywhere and several times; one that is not set is a fault.",
    }),
  ),
  forward_headers: optional(
    Type.Boolean({
      description: "Also send the client's end-to-end headers.",
      differs: "Keys of this gateway are taken out by value, hop-by-hop headers by name.",
    }),
  ),
  include_subpath: optional(
    Type.Boolean({ description: "Also serve path/…, the rest appended to the target's path." }),
  ),
  methods: optional(
    Type.Array(Type.String({ pattern: "^[A-Za-z]+$" }), {
      description: "Restrict to these methods.",
      differs: "Without it every method is served, HEAD and OPTIONS included.",
      protects: true,
    }),
  ),
  default_query_params: optional(
    Type.Record(Type.String(), Scalar, { description: "Query parameters of the lowest rank." }),
  ),
  merge_query_params: optional(
    Type.Boolean({ description: "Merge the target's query and the client's by name." }),
  ),
  auth: optional(
    Type.Boolean({
      description:
        "true: a valid key. false: anyone. Missing: anyone at this machine, else a valid key.",
      differs: "Missing: no key needed at this machine, one needed from anywhere else.",
      protects: true,
    }),
  ),
  custom_auth_parser: optional(
    Type.Literal("langfuse", { description: "Take the key out of HTTP Basic credentials." }),
  ),
  timeout: optional(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 31_536_000,
      description: "Wait for the reply's headers, from the upload's last byte on (600). Seconds.",
      differs: "A stream that flows is never cut by it.",
    }),
  ),
  connect_timeout: optional(Seconds("Wait for a connection to the upstream.")),
  stream_idle_timeout: optional(Seconds("Longest silence within a reply.")),
  max_duration: optional(Seconds("End a call after this time whatever flows.")),
  client_idle_timeout: optional(
    Seconds("Longest standstill of an upload, or of a reader that takes nothing."),
  ),
  max_body_size: optional(
    Type.Integer({ minimum: 0, description: "Largest request body. Bytes.", protects: true }),
  ),
  proxy: optional(
    Type.String({
      pattern: "^https?://",
      description: "HTTP proxy towards this upstream; the environment's is never used.",
    }),
  ),
  tls: optional(EndpointTls),
  cost_per_request: later("warn", "Flat cost of a reply in USD."),
  provider: later("warn", "Whose wire format to meter."),
  usage: later("warn", "Where usage stands in replies nobody knows."),
  prices: later("warn", "Prices of its units."),
  log: later("warn", "What the call log keeps."),
  trust_upstream_cost: later("warn", "Believe the upstream's own cost headers."),
  request_stream_usage: later("warn", "Ask for usage in streams."),
  drain_on_disconnect: later("warn", "Read on for exact usage after the client left."),
  is_from_config: later("warn", "Part of LiteLLM's listings; means nothing in a file."),
  guardrails: later("refuse", "Guardrails that screen this route."),
  rpm_limit: later("refuse", "Requests per minute of the route."),
  tpm_limit: later("refuse", "Tokens per minute of the route."),
  max_parallel_requests: later("refuse", "Calls at once on the route."),
  max_budget: later("refuse", "Budget of the route in USD."),
  budget_duration: later("refuse", "Period of the route's budget."),
  credentials: later("refuse", "A pool of header sets."),
  client_credentials: later("refuse", "Whose provider credentials go up."),
});
export type Endpoint = Static<typeof Endpoint>;

const Addresses = (description: string) => Type.Array(Type.String(), { description });

export const GeneralSettings = Type.Object({
  master_key: optional(
    Type.String({
      minLength: 1,
      description: "The admin key; it is a valid key on every route. Else LITELLM_MASTER_KEY.",
      differs: "Without one no key is valid, and admin paths answer 401.",
      protects: true,
    }),
  ),
  pass_through_endpoints: optional(Type.Array(Endpoint, { description: "The routes." })),
  pass_through_request_timeout: optional(Seconds("Default of the endpoints' timeout (600).")),
  litellm_key_header_name: optional(
    Type.String({ minLength: 1, description: "Header that carries the caller's key." }),
  ),
  allowed_ips: optional(
    Type.Array(Type.String(), {
      description: "Addresses or CIDRs that may call; all others get 403.",
      protects: true,
    }),
  ),
  trusted_proxies: optional(Addresses("Addresses or CIDRs whose X-Forwarded-For counts.")),
  admin_hosts: optional(
    Addresses("Host names under which the admin API answers, beside loopback ones."),
  ),
  include_call_id_in_error_body: optional(
    Type.Boolean({ description: "Add litellm_call_id to our own error bodies." }),
  ),
  max_request_size_mb: optional(
    Type.Number({
      exclusiveMinimum: 0,
      description: "Default of the endpoints' max_body_size, in MiB.",
      protects: true,
    }),
  ),
  max_response_size_mb: later("refuse", "Largest reply."),
  use_client_credentials_pass_through_routes: later("refuse", "Clients bring their own keys."),
  database_url: later("warn", "Where keys, spend and logs are kept."),
  redis_url: later("warn", "Where several nodes share their limits."),
  cors_origins: later("warn", "Origins whose preflights are answered here."),
  default_hold: later("warn", "Money held for a call of unknown cost."),
  min_hold: later("warn", "Least money held for a call."),
  max_hold: later("warn", "Most money held for a call."),
  allow_private_targets: later("warn", "Where endpoints made through the API may point."),
  store_prompts_in_spend_logs: later("warn", "Keep bodies in the call log."),
  maximum_spend_logs_retention_period: later("warn", "How long the call log is kept."),
  disable_spend_logs: later("warn", "Keep no call log."),
});
export type GeneralSettings = Static<typeof GeneralSettings>;

const LitellmSettings = Type.Object({
  callbacks: later("warn", "Where finished calls are sent."),
  success_callback: later("warn", "Where successful calls are sent."),
  failure_callback: later("warn", "Where failed calls are sent."),
  turn_off_message_logging: later("warn", "Keep bodies out of callbacks."),
  include_cost_in_streaming_usage: later("warn", "Put the cost into the usage frame."),
  sse_keepalive_ping_interval_seconds: later("warn", "Pings on silent event streams."),
  max_budget: later("refuse", "Budget of everybody together."),
  budget_duration: later("refuse", "Period of that budget."),
});

/** Every key that is read from `config.yaml`: the type, the validator and the documentation. */
export const Config = Type.Object({
  general_settings: optional(GeneralSettings),
  litellm_settings: optional(LitellmSettings),
  environment_variables: optional(
    Type.Record(Type.String(), Scalar, {
      description: "Variables for references, over those of the environment.",
    }),
  ),
  model_list: later("warn", "Deployments, for adapters and provider routes."),
  guardrails: later("refuse", "Guardrail definitions."),
  default_vertex_config: later("warn", "Default credentials of Vertex AI."),
});
export type Config = Static<typeof Config>;
