import { connectionNames, credentialHeaders, hopByHop } from "../core/headers.ts";
import type { HeaderPlan, Route, RouteMatch } from "../core/routes.ts";
import type { Body, Call, UpstreamRequest } from "../core/types.ts";
import { joinQuery } from "./join-query.ts";
import { holdsKey, type OwnKeys } from "./own-keys.ts";
import { withoutSession } from "./session-cookie.ts";

/** Describe the body, and how the reply may come; sent on even when a route forwards nothing else. */
const bodyHeaders: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "content-encoding",
  "content-type",
]);

/** Never sent on: framing is the runtime's, the rest is meant for this gateway. */
const ours: ReadonlySet<string> = new Set([
  ...hopByHop,
  "set-cookie", // a reply's field: the runtime gives it as a list, never as a text
  "content-length",
  "expect",
  "host",
  "tags",
]);

/** What `x-pass-…` may not set: credentials are the route's business, framing is the runtime's. */
const neverPassed: ReadonlySet<string> = new Set([
  ...ours,
  "accept-encoding",
  "api-key",
  "authorization",
  "x-api-key",
  "x-goog-api-key",
]);

const passPrefix = "x-pass-";

/** Keys of this gateway, and the header that carries the caller's: neither ever leaves. */
export interface Scrub extends OwnKeys {
  /** `litellm_key_header_name`, in lower case. */
  readonly keyHeader: string | null;
  /** Sent where the client names none: the runtime would put its own there. */
  readonly userAgent: string;
}

/** Decides, with no I/O, all that leaves for the upstream. */
export function buildRequest(
  call: Call,
  { route, subpath }: RouteMatch,
  body: Body,
  scrub: Scrub,
): UpstreamRequest {
  const { target } = route;
  const query = joinQuery(target.query, call.query, route.query, scrub);
  const path = joinPath(target.path, subpath);
  return {
    url: query === "" ? target.origin + path : `${target.origin}${path}?${query}`,
    method: call.method,
    headers: upstreamHeaders(call, route, body, scrub),
    body,
  };
}

/** The path that is asked. Strings only: the bytes that were matched are the bytes that are sent. */
export function joinPath(targetPath: string, subpath: string): string {
  if (subpath === "") return targetPath;
  return targetPath.endsWith("/") ? targetPath.slice(0, -1) + subpath : targetPath + subpath;
}

function upstreamHeaders(
  { headers: client }: Call,
  { headers: plan, callerKeyHeader }: Route,
  body: Body,
  scrub: Scrub,
): Record<string, string> {
  const named = connectionNames(client["connection"]);
  const headers: Record<string, string> = {};
  let passed: string[] | null = null;
  for (const name in client) {
    if (named.has(name)) continue;
    if (name.startsWith(passPrefix)) {
      (passed ??= []).push(name);
      continue;
    }
    if (!mayGoUp(name, plan) || ours.has(name)) continue;
    if (name === scrub.keyHeader || name === callerKeyHeader) continue;
    const value = clean(name, client[name] ?? "", scrub);
    if (value !== null) headers[name] = value;
  }
  for (const name of passed ?? []) {
    const own = name.slice(passPrefix.length);
    const value = clean(own, client[name] ?? "", scrub);
    if (value !== null && mayBePassed(own, plan)) headers[own] = value;
  }
  if (!plan.fixedNames.has("accept-encoding")) headers["accept-encoding"] ??= "identity";
  if (!plan.fixedNames.has("user-agent")) headers["user-agent"] ??= scrub.userAgent;
  if (body.kind === "stream") {
    const length = client["content-length"];
    if (length !== undefined) headers["content-length"] = length;
  }
  for (const name in plan.fixed) headers[name] = plan.fixed[name] ?? "";
  return headers;
}

function mayGoUp(name: string, plan: HeaderPlan): boolean {
  if (plan.fixedNames.has(name)) return false;
  if (bodyHeaders.has(name)) return true;
  if (plan.forward) {
    if (plan.ownCredential && credentialHeaders.has(name)) return false;
    return !name.startsWith("x-litellm-") && !(plan.langfuse && langfuseKeys.has(name));
  }
  return plan.langfuse && name.startsWith("x-langfuse-") && !langfuseKeys.has(name);
}

/** The client's project: the route has its own. */
const langfuseKeys: ReadonlySet<string> = new Set([
  "x-langfuse-public-key",
  "x-langfuse-secret-key",
]);

function mayBePassed(name: string, plan: HeaderPlan): boolean {
  if (name === "" || neverPassed.has(name) || plan.fixedNames.has(name)) return false;
  if (plan.ownCredential && credentialHeaders.has(name)) return false;
  return !name.startsWith("x-amz-") && !name.startsWith("x-litellm-");
}

/** The value without any key or session of ours; null where nothing is left to send. */
function clean(name: string, value: string, own: OwnKeys): string | null {
  if (name === "cookie") return cleanCookie(withoutSession(value), own);
  return holdsKey(value, own) ? null : value;
}

function cleanCookie(value: string | null, own: OwnKeys): string | null {
  if (value === null || !holdsKey(value, own)) return value;
  const kept = value.split(/; */).filter((cookie) => !holdsKey(cookie, own));
  return kept.length === 0 ? null : kept.join("; ");
}
