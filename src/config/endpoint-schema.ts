import { type Static, Type } from "@sinclair/typebox";
import { LogForm } from "./log-schema.ts";
import { Count, later, optional, Period, Scalar, Seconds, Usd } from "./schema-parts.ts";
import { EndpointUsage, UnitPrice } from "./usage-schema.ts";

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
      pattern: "^\\s*\\w+\\s*(,\\s*\\w+\\s*)*$",
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
      description: "Serve these methods only; an empty list means all.",
      absent: "Every method is served, HEAD and OPTIONS included.",
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
      absent: "No key is needed at this machine, one is from anywhere else.",
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
      differs: "It ends with the reply's headers: a stream that flows is never cut by it.",
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
  cost_per_request: optional(
    Usd("Booked for each reply; 0 is free, missing: by usage and prices."),
  ),
  rpm_limit: optional(Count("Requests in any 60 seconds, all callers together.")),
  tpm_limit: optional(Count("Tokens in any 60 seconds, all callers together.")),
  max_parallel_requests: optional(Count("Calls at once, all callers together.")),
  max_budget: optional(Usd("Budget of the route.")),
  budget_duration: optional(Period("Period of the route's budget; without one it is for good.")),
  provider: optional(
    Type.String({
      pattern: "^\\w[\\w.-]*$",
      description:
        "Whose wire format to meter, or none; else told by host and by the replies' shape.",
    }),
  ),
  usage: optional(EndpointUsage),
  prices: optional(
    Type.Record(Type.String(), UnitPrice, {
      description: "Prices by unit, USD for one; before those of model_list and the catalogue.",
    }),
  ),
  log: optional(
    Type.Unknown({
      form: LogForm,
      description:
        "What is kept of calls: off, metadata or bodies, or {bodies, max_bytes, sample}.",
    }),
  ),
  trust_upstream_cost: optional(
    Type.Boolean({
      description: "Book what the upstream's own cost headers say, before all else.",
    }),
  ),
  request_stream_usage: optional(
    Type.Boolean({
      description: "Ask OpenAI-like streams for their usage; clients do not see the extra frame.",
    }),
  ),
  drain_on_disconnect: optional(
    Type.Boolean({ description: "Read on for the exact usage after the client left; bounded." }),
  ),
  guardrails: later("refuse", "Guardrails that screen this route."),
  credentials: later("refuse", "A pool of header sets."),
  client_credentials: later("refuse", "Whose provider credentials go up."),
});
export type Endpoint = Static<typeof Endpoint>;
