import { type Static, Type } from "@sinclair/typebox";
import { Endpoint } from "./endpoint-schema.ts";
import { LoggedBytes } from "./log-schema.ts";
import { later, optional, Period, Seconds, Usd } from "./schema-parts.ts";

/** Never nothing: a budget is overrun by as many calls as hold nothing of it. */
const Hold = (description: string) => Usd(description, 1e-9);

const Origin = Type.String({
  pattern: "^(\\*|https?://[^\\s/?#@\\\\]+)$",
  description: "Write https://host[:port], with nothing behind it.",
});

const Addresses = (description: string) => Type.Array(Type.String(), { description });

/** `general_settings`: the routes, and what holds for all of them. */
export const GeneralSettings = Type.Object({
  master_key: optional(
    Type.String({
      pattern: "^[\\x21-\\x7e]+$",
      description: "The admin key; it is a valid key on every route. Else LITELLM_MASTER_KEY.",
      absent:
        "LITELLM_MASTER_KEY counts; without it too no key is valid, and admin paths are shut.",
      protects: true,
    }),
  ),
  pass_through_endpoints: optional(Type.Array(Endpoint, { description: "The routes." })),
  pass_through_request_timeout: optional(Seconds("Default of the endpoints' timeout (600).")),
  litellm_key_header_name: optional(
    Type.String({
      pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
      description: "Header that carries the caller's key.",
    }),
  ),
  allowed_ips: optional(
    Type.Array(Type.String(), {
      minItems: 1,
      description: "Addresses or CIDRs that may call; all others get 403.",
      protects: true,
    }),
  ),
  trusted_proxies: optional(Addresses("Addresses or CIDRs whose X-Forwarded-For counts.")),
  admin_hosts: optional(
    Type.Array(Type.String({ pattern: "^[^\\s/:@]+$|^\\[[0-9A-Fa-f:.]+\\]$" }), {
      description: "Host names, no port, under which the admin API answers beside loopback ones.",
    }),
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
  cors_origins: optional(
    Type.Array(Origin, {
      description: "Origins (https://host[:port]) whose preflights are answered here; * is all.",
    }),
  ),
  default_hold: optional(
    Hold("Held for a call of unknown cost, and booked if that stays so (0.01)."),
  ),
  min_hold: optional(Hold("Least that is held for a call whose cost is estimated (0.000001).")),
  max_hold: optional(Hold("Most that is held for a call whose cost is estimated (10).")),
  maximum_spend_logs_retention_period: optional(
    Period("How long rows of the ledger are kept, else for good; and bodies, at most."),
  ),
  maximum_spend_logs_size_mb: optional(
    Type.Number({
      minimum: 1,
      description: "The oldest rows of the ledger go while its file is larger than so many MiB.",
    }),
  ),
  disable_spend_logs: optional(
    Type.Boolean({ description: "Keep no rows in the ledger; spend is added up all the same." }),
  ),
  store_prompts_in_spend_logs: optional(
    Type.Boolean({
      description: "log: bodies for every endpoint that does not say what is logged.",
      differs: "Bodies are cut, stripped of secrets and kept in a file of their own.",
    }),
  ),
  log_retention_period: optional(Period("How long logged bodies are kept (30d).")),
  log_max_size_mb: optional(
    Type.Number({
      minimum: 1,
      description: "The oldest bodies go while their file is larger than so many MiB (4096).",
    }),
  ),
  log_max_body_bytes: optional(
    LoggedBytes("Default of max_bytes of the endpoints' log: kept of each body (65536)."),
  ),
  metrics_listen: optional(
    Type.String({
      minLength: 1,
      description: "ADDRESS:PORT of a listener for /metrics alone, which asks for no key.",
    }),
  ),
  allow_requests_on_db_unavailable: optional(
    Type.Boolean({
      description: "Let budgeted keys call while the ledger cannot be written; else 503.",
      differs: "Keys are always checked; it is for budgets while the ledger cannot be written.",
    }),
  ),
  ledger_sync: optional(
    Type.String({
      pattern: "^(interval|turn)$",
      description: "interval: on the disk within 100 ms. turn: before a call is sent.",
      protects: true,
    }),
  ),
  database_url: optional(
    Type.String({
      minLength: 1,
      description: "sqlite://FILE, in the data directory: keys, teams and the audit log.",
    }),
  ),
  max_response_size_mb: later("refuse", "Largest reply."),
  max_batch_file_size_mb: later("refuse", "Largest batch file."),
  use_client_credentials_pass_through_routes: later("refuse", "Clients bring their own keys."),
  passthrough_managed_object_ids: later("refuse", "Ids of provider objects, one set per tenant."),
  custom_auth: later("refuse", "A function of yours that decides who may call."),
  enable_jwt_auth: later("refuse", "JWTs that decide who may call what."),
  enable_oauth2_auth: later("refuse", "OAuth 2 tokens that decide who may call."),
  enable_oauth2_proxy_auth: later("refuse", "A proxy's identity headers that decide who may call."),
  enforce_rbac: later("refuse", "Roles that decide who may call what."),
  role_permissions: later("refuse", "What each role may call."),
  allowed_routes: later("refuse", "The only routes that a user may call."),
  admin_only_routes: later("refuse", "Routes that only admins may call."),
  enforce_user_param: later("refuse", "Refuse bodies without a user field."),
  enforced_params: later("refuse", "Refuse bodies without these fields."),
  reject_clientside_metadata_tags: later("refuse", "Refuse bodies with tags of the client's."),
  max_parallel_requests: later("refuse", "Calls at once of each key."),
  global_max_parallel_requests: later("refuse", "Calls at once of everybody together."),
  redis_url: later(
    "refuse",
    "Redis, where several nodes share their limits.",
    "Take the key out and run one node: two that do not share would overrun their limits.",
  ),
  allow_private_targets: optional(
    Type.Unknown({
      description:
        "Where endpoints made through the API may lead beside public addresses: true, or a list of hosts, addresses and CIDRs.",
    }),
  ),
});
export type GeneralSettings = Static<typeof GeneralSettings>;
