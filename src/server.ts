import { readFileSync } from "node:fs";
import type { AppDeps, createApp } from "./app.ts";
import { GatewayError } from "./core/errors.ts";
import type { Entrance } from "./core/types.ts";
import { isLoopback } from "./core/loopback.ts";
import { type CorsOrigins, preflightReply, shareReply } from "./gateway/cors.ts";
import { pathOf } from "./gateway/parse-target.ts";
import { handleCall } from "./gateway/pipeline.ts";
import { adminPathTest } from "./http/admin-paths.ts";
import { probes } from "./http/probes.ts";
import { wrongMethod } from "./http/wrong-method.ts";

export interface ListenOptions {
  readonly hostname: string;
  readonly port: number;
  readonly tls: TlsTexts | null;
}

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** A certificate and its key, as read. */
export interface TlsTexts {
  readonly cert: string;
  readonly key: string;
}

export interface Listener {
  readonly port: number;
  /** Takes no connection any more, closes idle ones, lets calls end. */
  stop(): void;
  /** Calls that the runtime still has under way. */
  pending(): number;
}

/**
 * How long a connection may stand idle between two requests, and take for the head of the next one, however slowly
 * it comes. Seconds; the runtime itself ends a connection whose first head is not there after 12.
 */
const idleSeconds = 28;

/** By number: the runtime takes no name here. */
const tls12 = 0x0303;

/** Names that a Host header may hold (RFC 3986 §3.2.2): anything else would change what the runtime sees as the path. */
const validHost = /^(?:\[[0-9a-f:.]+\]|[\w.~!$&'()*+;=%-]+)(?::\d{1,5})?$/i;

/**
 * Listens on one address. Always with SO_REUSEPORT, so that a successor can take the port over; that nobody else
 * has it is for the caller to check first. While `closing()` every reply closes its connection.
 */
export function listen(
  { hostname, port, tls }: ListenOptions,
  deps: AppDeps,
  closing: () => boolean,
): Listener {
  const onLoopback = isLoopback(hostname);
  const entrance: Entrance = {
    addressOf: (request) => plainAddress(server.requestIP(request)?.address ?? ""),
    onLoopback,
    isTls: tls !== null,
    hold: (request) => server.timeout(request, 0),
    release: (request) => server.timeout(request, idleSeconds),
  };
  let app: Promise<ReturnType<typeof createApp>> | null = null;
  // Not before it is asked for: the framework is half of what a start has to read.
  const load = async () => (await import("./app.ts")).createApp(deps, entrance, null);
  const isAdminPath = adminPathTest(deps.rootPath);
  const adminReply = async (request: Request, path: string) => {
    const probe = request.method === "GET" ? probes[path.slice(deps.rootPath.length)] : undefined;
    if (probe !== undefined) return probe();
    const loaded = await (app ??= load());
    const reply = await loaded.fetch(underFixedName(request));
    if (reply.status !== 404) return reply;
    return (
      wrongMethod(request.method, path, loaded.routes)?.toResponse(Bun.randomUUIDv7()) ?? reply
    );
  };
  const answer = (request: Request) => {
    const path = pathOf(request.url);
    return isAdminPath(path)
      ? withCallId(adminReply(request, path))
      : handleCall(request, entrance, deps.gateway);
  };
  let lastHost = "";
  const server = Bun.serve({
    hostname,
    port,
    reusePort: process.platform !== "win32",
    idleTimeout: idleSeconds,
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    development: false,
    ...(tls === null ? {} : { tls: { ...tls, minVersion: tls12 } }),
    fetch: (request) => {
      const host = request.headers.get("host") ?? "";
      if (host !== lastHost) {
        if (!isValidHost(host))
          return new GatewayError("host_invalid").toResponse(Bun.randomUUIDv7());
        lastHost = host;
      }
      const origins = deps.corsOrigins();
      const reply = origins.size === 0 ? answer(request) : shared(request, origins, answer);
      return closing() ? closed(reply) : reply;
    },
    error: (cause) => {
      const error = new GatewayError("internal", { cause });
      const id = Bun.randomUUIDv7();
      deps.failed(error, id);
      return error.toResponse(id);
    },
  });
  return {
    port: server.port ?? port,
    stop: () => void server.stop(),
    pending: () => server.pendingRequests,
  };
}

/**
 * The same request under a name of fixed length: Elysia finds the path by counting characters, which short names and
 * https lead astray. A copy would do too, but the runtime could not tell its address.
 */
function underFixedName(request: Request): Request {
  const { url } = request;
  const target = url.slice(url.indexOf("/", url.indexOf("://") + 3));
  return Object.defineProperty(request, "url", { value: `http://localhost${target}` });
}

/**
 * With a call id: errors have one by then, which the log names too. Kept by no cache, unless it says otherwise, and
 * read as nothing but what it says it is.
 */
async function withCallId(reply: Response | Promise<Response>): Promise<Response> {
  const response = await reply;
  if (!response.headers.has("x-litellm-call-id")) {
    response.headers.set("x-litellm-call-id", Bun.randomUUIDv7());
  }
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  response.headers.set("x-content-type-options", "nosniff");
  return response;
}

/** Pages of other origins: their preflights are answered here, and they may read what comes back. */
async function shared(
  request: Request,
  origins: CorsOrigins,
  answer: (request: Request) => Response | Promise<Response>,
): Promise<Response> {
  const origin = request.headers.get("origin");
  return preflightReply(request, origins) ?? shareReply(await answer(request), origin, origins);
}

async function closed(reply: Response | Promise<Response>): Promise<Response> {
  const response = await reply;
  response.headers.set("connection", "close");
  return response;
}

function isValidHost(host: string): boolean {
  return validHost.test(host) && URL.canParse(`http://${host}`);
}

/** IPv4 as such, also where the socket is an IPv6 one. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

/** Reads both files; throws where one of them cannot be read. */
export function readTls({ cert, key }: TlsFiles): TlsTexts {
  return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
}
