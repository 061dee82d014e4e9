import { writtenUsage } from "../config/unit-names.ts";
import { usdOfNano } from "../core/money.ts";
import type { QueryPlan, RouteMatch } from "../core/routes.ts";
import type { Call, CallRecord, UpstreamRequest } from "../core/types.ts";
import { joinPath } from "../gateway/build-request.ts";
import { maskText } from "./secret-mask.ts";

/** What must not be shown, and how the rest is. */
export interface TestMasks {
  /** Headers by name, in lower case: values only of those that hold no secret. */
  readonly safeHeaders: (
    headers: Readonly<Record<string, string>>,
  ) => Readonly<Record<string, string>>;
  /** A path and its query, the values of secret parameters taken out. */
  readonly safeUrl: (path: string, query: string) => string;
}

/** Masks with the secrets of the moment, as `writtenSecrets` gave them. */
export interface TestView extends TestMasks {
  readonly written: readonly string[];
}

/** Of a body that was changed so much is shown. */
const longestShown = 64 * 1024;

/** The request is about to leave. */
export function sentEvent(
  call: Call,
  { route, subpath }: RouteMatch,
  { sent, isChanged }: { readonly sent: UpstreamRequest; readonly isChanged: boolean },
  view: TestView,
) {
  const [, query = ""] = /\?(.*)$/s.exec(sent.url) ?? [];
  return {
    type: "sent",
    call_id: call.id,
    route: route.id,
    url: shownUrl(joinPath(route.label, subpath), withoutOurs(query, route.query), view),
    method: sent.method,
    headers: shownHeaders(Object.entries(sent.headers), view),
    client: {
      method: call.method,
      path: shownUrl(call.path, call.query, view),
      headers: shownHeaders(Object.entries(call.headers), view),
    },
    body_changed: isChanged,
    ...(isChanged && sent.body.kind === "bytes"
      ? { changed_body: shownBody(sent.body.bytes, view) }
      : {}),
  };
}

/** The reply's head, as the caller gets it. `isDecoded`: its bytes are shown without their content coding. */
export function headEvent({ status, headers }: Response, isDecoded: boolean, view: TestView) {
  return { type: "head", status, headers: shownHeaders([...headers], view), decoded: isDecoded };
}

/** How it ended, in the words of its row. */
export function endEvent(record: CallRecord) {
  const { firstByteMs, overheadMs, costNanoUsd, error } = record;
  return {
    type: "end",
    call_id: record.id,
    route: record.route?.id ?? null,
    status: record.status,
    bytes: record.bytesOut,
    timings: {
      gateway_ms: rounded(overheadMs),
      upstream_first_byte_ms:
        firstByteMs === null || overheadMs === null ? null : rounded(firstByteMs - overheadMs),
      first_byte_ms: rounded(firstByteMs),
      total_ms: rounded(record.durationMs),
    },
    cost_usd: costNanoUsd === null ? null : usdOfNano(costNanoUsd),
    unpriced: record.unpriced,
    estimated: record.estimated,
    model: record.model,
    provider: record.provider,
    usage: record.usage === null ? null : writtenUsage(record.usage),
    error: error === null ? null : { code: error.code, message: error.message },
  };
}

/** A query without the credentials of the target's own, whatever the parameters are called. */
function withoutOurs(query: string, { credentialNames }: QueryPlan): string {
  if (credentialNames.size === 0) return query;
  const parts = query.split("&").map((part) => {
    const [name = ""] = new URLSearchParams(part).keys();
    return credentialNames.has(name) ? `${part.replace(/=.*$/s, "")}=[redacted]` : part;
  });
  return parts.join("&");
}

/** As rows keep it. */
function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000;
}

function shownUrl(path: string, query: string, { safeUrl, written }: TestView): string {
  return maskText(safeUrl(path, query), written);
}

function shownHeaders(
  headers: readonly (readonly [name: string, value: string])[],
  { safeHeaders, written }: TestView,
): (readonly [name: string, value: string])[] {
  return headers.map(([name, value]) => {
    const lower = name.toLowerCase();
    return [name, maskText(safeHeaders({ [lower]: value })[lower] ?? "", written)] as const;
  });
}

/** Masked before it is cut: half a secret is not to be shown either. */
function shownBody(bytes: ArrayBuffer, { written }: TestView): string {
  return maskText(new TextDecoder().decode(bytes), written).slice(0, longestShown);
}
