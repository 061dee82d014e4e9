import useSWR, { useSWRConfig } from "swr";
import { ApiError, apiErrorOf } from "./api-error.ts";
import type { Query } from "./query.ts";
import { rootPathOf } from "./root-path.ts";
import { signedInAgain } from "./session.ts";

export { ApiError } from "./api-error.ts";

export interface RawOptions {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly query?: Query | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as they are, in the place of `body`. */
  readonly bytes?: Uint8Array<ArrayBuffer> | Blob | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** A 401 is the answer, and no reason to sign in again. */
  readonly asksNobody?: boolean;
}

/** Before every path of the gateway: empty, or as `/gateway`. */
export const rootPath =
  document.querySelector<HTMLMetaElement>('meta[name="root-path"]')?.content ??
  rootPathOf(location.pathname);

/** The admin API, with the browser's session. Everything throws an `ApiError`. */
export const api = {
  get: <T>(path: string, query?: Query): Promise<T> => json(path, { query }),
  post: <T>(path: string, body?: unknown): Promise<T> => json(path, { method: "POST", body }),
  delete: <T>(path: string, query?: Query): Promise<T> => json(path, { method: "DELETE", query }),
  raw,
};

/** A path of the admin API as a link. */
export function apiUrl(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === null || value === undefined || value === "") return [];
    const values = typeof value === "object" ? value : [String(value)];
    return values.map((each): [string, string] => [name, each]);
  });
  const search = new URLSearchParams(pairs).toString();
  return `${rootPath}${path}${search === "" ? "" : `?${search}`}`;
}

async function json<T>(path: string, options: RawOptions): Promise<T> {
  const response = await raw(path, options);
  const text = await response.text();
  return text === "" ? JSON.parse("null") : JSON.parse(text);
}

/** The reply itself, for streams and files. */
async function raw(path: string, options: RawOptions = {}): Promise<Response> {
  const response = await request(path, options);
  if (response.ok) return response;
  const error = await apiErrorOf(response);
  if (error.status !== 401 || options.asksNobody === true) throw error;
  if (!(await signedInAgain())) throw error;
  return raw(path, { ...options, asksNobody: true });
}

async function request(path: string, options: RawOptions): Promise<Response> {
  const { method = "GET", query, body, bytes = null, headers = {}, signal } = options;
  const sent = new Headers(headers);
  if (method !== "GET") sent.set("x-tollgate-page", "1"); // what a page of another origin cannot send
  if (body !== undefined) sent.set("content-type", "application/json");
  try {
    return await fetch(apiUrl(path, query), {
      method,
      headers: sent,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(bytes === null ? {} : { body: bytes }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new ApiError(0, "unreachable", "The gateway cannot be reached.");
  }
}

export interface ApiState<T> {
  /** Of the last answer; while another page of a list loads, still the former one. */
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  readonly isLoading: boolean;
  readonly reload: () => Promise<void>;
}

export interface UseApiOptions {
  /** Asks again after so many milliseconds, while the tab is seen. */
  readonly every?: number;
}

/** What `GET path` says; null asks nothing. */
export function useApi<T>(
  path: string | null,
  query: Query = {},
  { every = 0 }: UseApiOptions = {},
): ApiState<T> {
  const url = path === null ? null : apiUrl(path, query);
  const { data, error, isLoading, mutate } = useSWR<T, ApiError>(
    url,
    () => api.get<T>(path ?? "", query),
    {
      keepPreviousData: true,
      refreshInterval: every,
      dedupingInterval: every > 0 ? Math.min(2000, every / 2) : 2000, // else a faster poll finds itself asked already
      revalidateOnFocus: every > 0,
      shouldRetryOnError: false,
    },
  );
  return { data, error, isLoading, reload: async () => void (await mutate()) };
}

/** Forgets and asks again for all that is shown of paths with this beginning: after a change. */
export function useReload(): (prefix: string) => Promise<void> {
  const { mutate } = useSWRConfig();
  return async (prefix) => {
    const start = apiUrl(prefix);
    await mutate((key) => typeof key === "string" && key.startsWith(start));
  };
}
