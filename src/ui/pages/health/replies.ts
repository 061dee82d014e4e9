/** `GET /health/backlog` */
export interface BacklogReply {
  readonly in_flight_requests: number;
  readonly uncaught_errors: number;
  readonly dropped_log_lines: number;
  readonly dropped_ledger_rows: number;
  readonly dropped_logged_bodies: number;
}

/** One of `GET /health/credentials` */
export interface CredentialReply {
  readonly name: string;
  /** `variable` or `file`. */
  readonly kind: string;
  readonly present: boolean;
  readonly endpoints: readonly string[];
}

export interface CredentialsReply {
  readonly credentials: readonly CredentialReply[];
}

/** What was called of a route today. */
export interface RouteToday {
  readonly id: string;
  readonly calls: number;
  readonly failed: number;
  readonly unpriced: number;
}

/** What was called today, of routes that are gone by now too. */
export interface Today {
  /** ISO. */
  readonly since: string;
  readonly routes: readonly RouteToday[];
}

export interface PercentilesReply {
  readonly calls: number;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** One of `GET /global/latency` */
export interface LatencyReply {
  /** Null: of the whole time. */
  readonly start: string | null;
  readonly route: string;
  readonly duration_ms: PercentilesReply;
  readonly first_byte_ms: PercentilesReply;
  readonly overhead_ms: PercentilesReply;
}

/** One of `GET /spend/refusals` */
export interface RefusalReply {
  readonly minute: string;
  readonly route: string;
  readonly code: string;
  readonly count: number;
}

/** One of `GET /ui/sessions` */
export interface OpenSessionReply {
  readonly id: string;
  readonly actor: string;
  readonly created_at: string;
  readonly seen_at: string;
  readonly expires_at: string;
  readonly user_agent: string;
  readonly current: boolean;
}

export interface OpenSessionsReply {
  readonly sessions: readonly OpenSessionReply[];
}
