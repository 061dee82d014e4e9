import type { LogShape } from "../http/spend-shape.ts";
import type { KeyShape } from "../http/key-shape.ts";
import type { TeamShape } from "../http/team-shape.ts";

/** One route of `GET /routes`: what is served, whoever made it. */
export interface RouteReply {
  readonly id: string;
  readonly path: string;
  readonly include_subpath: boolean;
  /** Null: every method. */
  readonly methods: readonly string[] | null;
  readonly target: string;
  /** Null: a key is needed from other machines only. */
  readonly auth: boolean | null;
  /** Names of the headers that are sent upstream. */
  readonly headers: readonly string[];
  readonly forward_headers: boolean;
}

export interface RoutesReply {
  readonly routes: readonly RouteReply[];
}

/** One endpoint as it was written, by `GET /config/pass_through_endpoint`; secrets are masked. */
export interface EndpointReply {
  readonly id: string;
  readonly path: string;
  readonly target: string;
  readonly is_from_config: boolean;
  /** Goes up with every change; null where the config file has it. */
  readonly version?: number | null;
  /** Of one that the config file has. */
  readonly config_file?: string;
  readonly config_line?: number;
  /** False where it waits for the variables of `unset`. */
  readonly enabled?: boolean;
  readonly unset?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly default_query_params?: Readonly<Record<string, string>>;
  readonly include_subpath?: boolean;
  readonly methods?: readonly string[] | null;
  readonly auth?: boolean | null;
  readonly [setting: string]: unknown;
}

export interface EndpointsReply {
  readonly endpoints: readonly EndpointReply[];
}

export type LogReply = LogShape;

/** A page of `GET /spend/logs/v2`. */
export interface LogsReply {
  readonly data: readonly LogReply[];
  readonly total: number;
  /** There are more than were counted. */
  readonly total_is_capped: boolean;
  readonly page: number;
  readonly page_size: number;
  readonly total_pages: number;
}

/** A body of a logged call. */
export interface LoggedBodyReply {
  readonly body: string | null;
  readonly body_base64: string | null;
  readonly bytes: number;
  readonly truncated: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** `GET /spend/logs/ui/{request_id}`; request and reply where the route logs bodies. */
export interface LogDetailReply extends Omit<LogShape, "messages" | "response"> {
  readonly messages: unknown;
  readonly response: unknown;
  readonly request?: LoggedBodyReply & { readonly method: string; readonly url: string };
  readonly reply?: LoggedBodyReply & {
    /** 0 where no reply came. */
    readonly status: number;
    readonly assembled: string | null;
  };
  readonly as_curl?: string;
}

export type KeyReply = KeyShape;

/** A page of `GET /key/list?return_full_object=true`. */
export interface KeysReply {
  readonly keys: readonly KeyReply[];
  readonly total_count: number;
  readonly current_page: number;
  readonly total_pages: number;
}

/** One of `GET /team/list`, which is a plain list. */
export type TeamReply = TeamShape;

/** One change in `GET /audit`. */
export interface AuditReply {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface AuditsReply {
  readonly audit_logs: readonly AuditReply[];
  readonly total: number;
  readonly page: number;
  readonly page_size: number;
  readonly total_pages: number;
}

/** `GET /ui/session`, open to all. */
export interface SessionReply {
  readonly signed_in: boolean;
  /** `master key`, or the id of an admin key. */
  readonly actor: string | null;
  readonly expires_at: string | null;
  readonly has_master_key: boolean;
  /** Where there is no master key. */
  readonly first_run: { readonly loopback: boolean } | null;
  readonly version: string;
  readonly root_path: string;
}
