import { type ErrorCode, GatewayError } from "../core/errors.ts";
import type { Reach, Route, TransportTls } from "../core/routes.ts";
import type { UpstreamRequest } from "../core/types.ts";
import type { CallClock } from "./clock.ts";
import { canConnect } from "./dial.ts";
import { checkedAddresses, originAt, placeOf, putLast } from "./resolve.ts";

/** Before `connect_timeout` runs out, so much is left to find out whether the upstream can be reached at all. */
const dialMs = 500;

/**
 * The only place that talks to an upstream. Resolves once the reply's headers are in; the body is left to stream,
 * encoded as it came. Redirects are replies. Sends no request twice. Throws upstream and client errors in our terms; an
 * error of the runtime's is kept out of them, because it can hold the whole URL with its keys.
 */
export async function send(
  request: UpstreamRequest,
  route: Route,
  clock: CallClock,
): Promise<Response> {
  if (request.body.kind !== "stream") {
    clock.wait("upstream_timeout", route.deadlines.firstByteMs);
  }
  const { proxy, reach } = route.transport;
  const dialling = { origin: reach === null ? (proxy ?? route.target.origin) : null, silent: true };
  watchConnect(dialling, route.deadlines.connectMs, clock);
  try {
    if (reach !== null) return await fetchChecked(request, route, reach, { dialling, clock });
    return await fetch(request.url, fetchOptions(request, route, clock.signal));
  } catch (cause) {
    throw clock.error ?? translate(cause);
  } finally {
    dialling.silent = false;
    clock.answered();
  }
}

/** What a call waits for: where it connects to, null before that is known, and whether it has heard nothing yet. */
interface Dialling {
  origin: string | null;
  silent: boolean;
}

/**
 * Connects to an address that `reach` allowed, and to none besides: whatever the name's next answer is. The upstream
 * sees the name, and has to have its certificate. Where an address refuses the connection, so that nothing was sent,
 * the next one is tried; not with a body that streams, which can be given once.
 */
async function fetchChecked(
  request: UpstreamRequest,
  route: Route,
  reach: Reach,
  { dialling, clock }: { readonly dialling: Dialling; readonly clock: CallClock },
): Promise<Response> {
  const place = placeOf(route.target);
  const addresses = await checkedAddresses(place, reach, clock.signal);
  const path = request.url.slice(route.target.origin.length);
  const options = fetchOptions(request, route, clock.signal);
  options.headers = { ...request.headers, host: place.authority };
  if (!place.isAddress) options.tls = { serverName: place.host, ...options.tls };
  for (const [index, address] of addresses.entries()) {
    dialling.origin = originAt(place, address);
    try {
      return await fetch(dialling.origin + path, options);
    } catch (cause) {
      const { code } = clock.error ?? translate(cause);
      if (unreached.has(code)) putLast(place, address);
      const isLast = index === addresses.length - 1 || request.body.kind === "stream";
      if (isLast || codeOf(cause) !== "ECONNREFUSED" || clock.error !== null) throw cause;
    }
  }
  throw new GatewayError("upstream_dns");
}

const unreached: ReadonlySet<ErrorCode> = new Set([
  "upstream_unreachable",
  "upstream_connect_timeout",
]);

function fetchOptions(
  { method, headers, body }: UpstreamRequest,
  { transport: { proxy, tls } }: Route,
  signal: AbortSignal,
): BunFetchRequestInit {
  const options: BunFetchRequestInit = {
    method,
    headers,
    redirect: "manual",
    decompress: false,
    timeout: 0, // the runtime's own idle limit is coarse; ours is the clock
    signal,
    proxy: proxy === null ? false : { url: proxy, respectNoProxy: false },
  };
  if (body.kind === "bytes") options.body = body.bytes;
  else if (body.kind === "stream") options.body = body.stream;
  if (tls !== null) options.tls = tlsOptions(tls);
  return options;
}

/** A slow upstream may take its time; one that takes no connection ends the call at `connect_timeout`. */
function watchConnect(dialling: Dialling, connectMs: number, clock: CallClock): void {
  const left = Math.min(dialMs, connectMs / 2);
  clock.checkAfter(connectMs - left, () => {
    void hasConnected(dialling, left).then((connected) => {
      if (!connected && dialling.silent) clock.abort(new GatewayError("upstream_connect_timeout"));
    });
  });
}

/** Where the name has not been resolved by the end of `ms`, nothing has. */
async function hasConnected(dialling: Dialling, ms: number): Promise<boolean> {
  if (dialling.origin === null) await Bun.sleep(ms);
  return dialling.origin !== null && canConnect(dialling.origin, ms);
}

function tlsOptions(tls: TransportTls) {
  return {
    rejectUnauthorized: tls.verify,
    ...(tls.ca === null ? {} : { ca: tls.ca }),
    ...(tls.cert === null ? {} : { cert: tls.cert }),
    ...(tls.key === null ? {} : { key: tls.key }),
    ...(tls.serverName === null ? {} : { serverName: tls.serverName }),
  };
}

const codes: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: "upstream_unreachable",
  EHOSTUNREACH: "upstream_unreachable",
  ENETUNREACH: "upstream_unreachable",
  ETIMEDOUT: "upstream_connect_timeout",
  ENOTFOUND: "upstream_dns",
  EAI_AGAIN: "upstream_dns",
  ETIMEOUT: "upstream_dns",
  ESERVFAIL: "upstream_dns",
  ECONNRESET: "stream_broken",
  ConnectionClosed: "stream_broken",
  EPROTO: "upstream_tls",
};

const tlsReasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "Its certificate has expired.",
  CERT_NOT_YET_VALID: "Its certificate is not valid yet.",
  DEPTH_ZERO_SELF_SIGNED_CERT: "Its certificate is self-signed.",
  SELF_SIGNED_CERT_IN_CHAIN: "Its certificate chain is self-signed.",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "The issuer of its certificate is not known.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "The issuer of its certificate is not known.",
  ERR_TLS_CERT_ALTNAME_INVALID: "Its certificate is for another name.",
};

/** The runtime's error in our terms, by its code alone. */
export function translate(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const code = codeOf(cause);
  const tlsReason = tlsReasons[code];
  if (tlsReason !== undefined) return new GatewayError("upstream_tls", { detail: tlsReason });
  if (/CERT|TLS|SSL/.test(code)) return new GatewayError("upstream_tls");
  return new GatewayError(codes[code] ?? "upstream_protocol", {
    cause: new Error(`fetch failed: ${code}`), // the code and nothing more: messages can hold the URL
  });
}

function codeOf(cause: unknown): string {
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string")
    return cause.code;
  return cause instanceof Error ? cause.name : "unknown";
}
