import { GatewayError } from "../core/errors.ts";

/** The request line as every later step sees it. */
export interface ParsedTarget {
  readonly path: string;
  /** As sent, without `?`; empty where there is none. */
  readonly query: string;
}

/** A slash or backslash that hides behind an escape, or an escaped dot: only such paths are looked at closely. */
const suspicious = /%(?:2f|5c)/i;

/**
 * The only reader of `request.url`. The runtime has already resolved plain dot segments, so what is seen here is
 * what is sent; a segment that an upstream could decode into `..` is refused.
 */
export function parseTarget(url: string): ParsedTarget {
  const pathStart = url.indexOf("/", url.indexOf("://") + 3);
  if (pathStart < 0) throw new GatewayError("request_invalid");
  const fragment = url.indexOf("#", pathStart);
  const end = fragment < 0 ? url.length : fragment;
  const question = url.indexOf("?", pathStart);
  const hasQuery = question >= 0 && question < end;
  const path = url.slice(pathStart, hasQuery ? question : end);
  if (suspicious.test(path) && hidesDotSegment(path)) throw new GatewayError("path_invalid");
  return { path, query: hasQuery ? url.slice(question + 1, end) : "" };
}

function hidesDotSegment(path: string): boolean {
  const decoded = path.replace(/%2f|%5c|\\/gi, "/").replace(/%2e/gi, ".");
  return decoded.split("/").some((segment) => segment === ".." || segment === ".");
}
