import type { SealedText } from "./sealing.ts";

/** What an admin wrote of an endpoint: members of section "endpoints" of the configuration, nothing resolved. */
export type EndpointSettings = Readonly<Record<string, unknown>>;

/** Who made an endpoint, and when. Times are epoch milliseconds. */
export interface EndpointHistory {
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

/** One endpoint that was made through the API, secrets in clear text: only for this process. */
export interface StoredEndpoint extends EndpointHistory {
  readonly id: string;
  /** 1, and one more with every change; it goes on where another endpoint had the id before. */
  readonly version: number;
  /** With `path` and `target`; without `id`. */
  readonly settings: EndpointSettings;
}

/** The same as it lies in the store. */
export interface EndpointRecord extends EndpointHistory {
  readonly id: string;
  readonly version: number;
  /** The settings as JSON; null stands where a value is sealed. */
  readonly settings: string;
  /** By the place of the value: `target`, `headers.api_token`, `default_query_params.key`. */
  readonly sealed: Readonly<Record<string, SealedText>>;
}

/** Where endpoints are kept: beside the keys, so that a change and its place in the audit log are one. */
export interface EndpointStore {
  /** The oldest first. */
  endpoints(): readonly EndpointRecord[];
  addEndpoint(record: EndpointRecord): void;
  /** In the place of the record with this id. */
  putEndpoint(record: EndpointRecord): void;
  removeEndpoint(id: string): void;
}

/**
 * Builds all that is served with these endpoints in place of the present ones. Throws `request_invalid`, with every
 * fault of the endpoint `changed` and of what it meets, where it cannot be served. The function puts it in force.
 */
export type PrepareEndpoints = (
  next: readonly StoredEndpoint[],
  changed: string | null,
) => () => void;

/** What is to be tried out: the arguments of `create`, or of `change`. */
export type EndpointAttempt =
  | { readonly kind: "create"; readonly id: string | null; readonly settings: EndpointSettings }
  | {
      readonly kind: "change";
      readonly id: string;
      readonly changes: EndpointSettings;
      readonly version: number | null;
    };

/**
 * Endpoints made through the API, and every way to change them. A change is kept, in the audit log and in force, or it
 * did not happen. `actor` is who makes it; `version`: only if the endpoint still has this one (null: whatever it has).
 * Throws `request_invalid`, `not_found`, and `version_conflict` where somebody else was faster.
 */
export interface EndpointBook {
  /** The oldest first. */
  all(): readonly StoredEndpoint[];
  find(id: string): StoredEndpoint | null;
  /** Throws what `create` or `change` would throw, and changes nothing. */
  tryOut(attempt: EndpointAttempt): void;
  /** `id`: chosen by the caller, or null for a new one. */
  create(id: string | null, settings: EndpointSettings, actor: string): StoredEndpoint;
  /**
   * Members of `changes` take the place of those of the same name; null takes one out; a masked secret stays as it is.
   * Where the change leads the target elsewhere no secret stays: each is written again, or taken out.
   */
  change(
    id: string,
    changes: EndpointSettings,
    version: number | null,
    actor: string,
  ): StoredEndpoint;
  remove(id: string, version: number | null, actor: string): StoredEndpoint;
  /** Seals every secret under the newest key of the salt key; how many were sealed under another one. */
  reseal(actor: string): number;
  /** Sees what another process changed. Cheap while there is nothing: to be called several times a second. */
  refresh(): void;
}
