import { GatewayError } from "../core/errors.ts";

/** The request line as every later step sees it. */
export interface ParsedTarget {
  readonly path: string;
  /** As sent, without `?`; empty where there is none. */
  readonly query: string;
}

/** What a dot segment could be made of: only such paths are looked at closely. */
const suspicious = /%(?:2f|5c|2e)|\\|\/\.\.?(?:\/|$)/i;

/** Room for the longest query strings in use, well over the 8,000 octets of RFC 9110 §4.1. */
const longestTarget = 16 * 1024;

/**
 * The path and the query of `request.url`; nothing else takes it apart. What is seen here is what is sent, so a
 * segment that somebody further on could read as `..` is refused. (The runtime resolves plain ones of a request with a
 * Host that it can read; it is not relied upon.)
 */
export function parseTarget(url: string): ParsedTarget {
  const start = startOfPath(url);
  if (start < 0) throw new GatewayError("request_invalid");
  if (url.length - start > longestTarget) throw new GatewayError("target_too_long");
  const end = endOfPath(url, start);
  const path = url.slice(start, end);
  if (suspicious.test(path) && hidesDotSegment(path)) throw new GatewayError("path_invalid");
  return { path, query: url[end] === "?" ? withoutFragment(url.slice(end + 1)) : "" };
}

/** The path alone, as `parseTarget` gives it. */
export function pathOf(url: string): string {
  const start = startOfPath(url);
  return start < 0 ? "" : url.slice(start, endOfPath(url, start));
}

function startOfPath(url: string): number {
  return url.indexOf("/", url.indexOf("://") + 3);
}

function endOfPath(url: string, start: number): number {
  for (let index = start; index < url.length; index++) {
    const char = url.charCodeAt(index);
    if (char === questionMark || char === numberSign) return index;
  }
  return url.length;
}

const questionMark = 0x3f;
const numberSign = 0x23;

/** Never sent on: it belongs to the client alone (RFC 9110 §7.1). */
function withoutFragment(query: string): string {
  const sign = query.indexOf("#");
  return sign < 0 ? query : query.slice(0, sign);
}

function hidesDotSegment(path: string): boolean {
  const decoded = path.replace(/%2f|%5c|\\/gi, "/").replace(/%2e/gi, ".");
  return decoded.split("/").some((segment) => segment === ".." || segment === ".");
}
