/** A request target's two parts as the runtime hands them on: with a valid `Host`, normalised as URLs are. */
export interface Target {
  readonly path: string;
  /** Without `?`; empty where there is none. */
  readonly query: string;
}

/** Splits `request.url`, which is the bare target where `Host` is not valid. */
export function splitTarget(url: string): Target {
  const path = url.startsWith("/") ? 0 : url.indexOf("/", url.indexOf("://") + 3);
  const mark = url.indexOf("?", path);
  return mark === -1
    ? { path: url.slice(path), query: "" }
    : { path: url.slice(path, mark), query: url.slice(mark + 1) };
}
