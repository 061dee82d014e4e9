/** Who has to act for an error to go away. Picks the log level, and whether a retry makes sense. */
export type Fault = "client" | "upstream" | "gateway";

/** Every answer that is ours and not the upstream's. Codes are public: renaming one is a breaking change. */
const catalogue = {
  request_invalid: { status: 400, fault: "client", message: "The request is not valid." },
  host_invalid: { status: 400, fault: "client", message: "The Host header is not valid." },
  path_invalid: {
    status: 400,
    fault: "client",
    message: "The path holds a dot segment, plain or encoded.",
  },
  body_not_allowed: {
    status: 400,
    fault: "client",
    message: "A GET or HEAD request with a body cannot be forwarded.",
  },
  model_unreadable: {
    status: 400,
    fault: "client",
    message: "The key is limited to models, and this request's model cannot be read.",
  },
  key_invalid: {
    status: 401,
    fault: "client",
    message: "The API key is missing, not valid, expired or blocked.", // one answer: nobody can find out which keys there are
  },
  key_unavailable: {
    status: 401,
    fault: "client",
    message:
      "This needs a key, and the gateway has none: set general_settings.master_key or LITELLM_MASTER_KEY.",
  },
  address_not_allowed: {
    status: 403,
    fault: "client",
    message: "This address may not call the gateway.",
  },
  cross_site: {
    status: 403,
    fault: "client",
    message: "The request comes from a page of another origin.",
  },
  admin_only: { status: 403, fault: "client", message: "Only an admin key may do this." },
  model_not_allowed: { status: 403, fault: "client", message: "The key may not use this model." },
  route_not_allowed: { status: 403, fault: "client", message: "The key may not use this route." },
  route_not_found: { status: 404, fault: "client", message: "No route serves this path." },
  not_found: { status: 404, fault: "client", message: "There is no such record." },
  method_not_allowed: {
    status: 405,
    fault: "client",
    message: "The route does not take this method.",
  },
  version_conflict: {
    status: 409,
    fault: "client",
    message: "Somebody else changed it meanwhile: read it again.",
  },
  target_too_long: { status: 414, fault: "client", message: "The request's target is too long." },
  upload_stalled: {
    status: 408,
    fault: "client",
    message: "The upload stood still for too long.",
  },
  body_too_large: {
    status: 413,
    fault: "client",
    message: "The body is larger than this route takes.",
  },
  host_not_served: {
    status: 421,
    fault: "client",
    message:
      "The admin API does not answer under this host name: list it in general_settings.admin_hosts.",
  },
  budget_exceeded: { status: 429, fault: "client", message: "The budget is spent." },
  parallel_limited: { status: 429, fault: "client", message: "Too many calls at once." },
  rate_limited: { status: 429, fault: "client", message: "The rate limit is reached." },
  too_many_failures: {
    status: 429,
    fault: "client",
    message: "Too many failed attempts from this address.",
  },
  client_closed: { status: 499, fault: "client", message: "The client closed the connection." },
  client_stalled: { status: 499, fault: "client", message: "The client stopped reading." },
  internal: { status: 500, fault: "gateway", message: "The gateway failed." },
  store_failed: {
    status: 500,
    fault: "gateway",
    message: "What the gateway keeps in its data directory cannot be used.",
  },
  stream_broken: { status: 502, fault: "upstream", message: "The upstream's reply broke off." },
  upstream_not_allowed: {
    status: 502,
    fault: "upstream",
    message: "The upstream's address is not one that this route may reach.",
  },
  upstream_dns: {
    status: 502,
    fault: "upstream",
    message: "The upstream's name could not be resolved.",
  },
  upstream_protocol: {
    status: 502,
    fault: "upstream",
    message: "The upstream's reply is not valid HTTP.",
  },
  upstream_tls: {
    status: 502,
    fault: "upstream",
    message: "No trusted TLS connection to the upstream.",
  },
  upstream_unreachable: { status: 502, fault: "upstream", message: "The upstream is unreachable." },
  config_invalid: {
    status: 422,
    fault: "client",
    message: "The configuration has faults; the running one stays.",
  },
  ledger_unavailable: {
    status: 503,
    fault: "gateway",
    message: "The ledger cannot be written, and the caller has a budget.",
  },
  gateway_stopped: { status: 503, fault: "gateway", message: "The gateway is stopping." },
  overloaded: {
    status: 503,
    fault: "gateway",
    message: "The gateway has as many calls under way as it can hold.",
  },
  upstream_connect_timeout: {
    status: 504,
    fault: "upstream",
    message: "The upstream did not accept a connection in time.",
  },
  upstream_timeout: {
    status: 504,
    fault: "upstream",
    message: "The upstream did not answer in time.",
  },
  upstream_idle: {
    status: 504,
    fault: "upstream",
    message: "The upstream's stream fell silent.",
  },
  max_duration: {
    status: 504,
    fault: "upstream",
    message: "The call reached the route's longest duration.",
  },
} as const satisfies Record<string, { status: number; fault: Fault; message: string }>;

export type ErrorCode = keyof typeof catalogue;

export interface GatewayErrorOptions extends ErrorOptions {
  /** A sentence over our own names and numbers; never text of a client or an upstream. */
  readonly detail?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The sentences of `detail` one by one, where it is a list of faults. */
  readonly faults?: readonly string[];
}

/** The only error that crosses a folder border. Callers see `code` and `message`; `cause` is for the log. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: ErrorCode;
  readonly status: number;
  readonly fault: Fault;
  readonly headers: Readonly<Record<string, string>>;
  readonly detail: string | null;
  readonly faults: readonly string[];

  constructor(code: ErrorCode, options: GatewayErrorOptions = {}) {
    const { message, status, fault } = catalogue[code];
    super(options.detail === undefined ? message : `${message} ${options.detail}`, options);
    this.code = code;
    this.status = status;
    this.fault = fault;
    this.headers = options.headers ?? {};
    this.detail = options.detail ?? null;
    this.faults = options.faults ?? [];
  }

  static isCode(text: string): text is ErrorCode {
    return Object.hasOwn(catalogue, text);
  }

  static from(error: unknown): GatewayError {
    return error instanceof GatewayError ? error : new GatewayError("internal", { cause: error });
  }

  /**
   * The error body that OpenAI clients, and so LiteLLM's, already parse.
   * `callIdInBody` adds LiteLLM's `litellm_call_id` (`include_call_id_in_error_body`).
   */
  toResponse(callId: string, callIdInBody = false): Response {
    const error = {
      message: this.message,
      type: this.code,
      param: null,
      code: String(this.status),
    };
    const body = {
      error,
      ...(this.faults.length === 0 ? {} : { faults: this.faults }),
      ...(callIdInBody ? { litellm_call_id: callId } : {}),
    };
    return Response.json(body, {
      status: this.status,
      headers: { ...this.headers, "x-litellm-call-id": callId },
    });
  }
}
