import { readFileSync } from "node:fs";
import { createApp, type AppDeps } from "./app.ts";
import { GatewayError } from "./core/errors.ts";
import type { Caller } from "./core/types.ts";
import { isLoopback } from "./gateway/at-this-machine.ts";

export interface ListenOptions {
  readonly hostname: string;
  readonly port: number;
  readonly tls: TlsFiles | null;
}

export interface TlsFiles {
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

/** How long a connection may take to send a request's head, or stand idle between two. Seconds. */
const connectionIdleSeconds = 10;

/** Names that a Host header may hold (RFC 3986 §3.2.2): anything else would change what the runtime sees as the path. */
const validHost = /^(?:\[[0-9a-f:.]+\]|[\w.~!$&'()*+;=%-]+)(?::(\d{1,5}))?$/i;

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
  const callerOf = (request: Request): Caller => ({
    address: () => plainAddress(server.requestIP(request)?.address ?? ""),
    onLoopback,
    secure: tls !== null,
  });
  const app = createApp(deps, callerOf);
  let lastHost = "";
  const server = Bun.serve({
    hostname,
    port,
    reusePort: process.platform !== "win32",
    idleTimeout: connectionIdleSeconds,
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    development: false,
    ...(tls === null ? {} : { tls: tlsOptions(tls) }),
    fetch: (request, self) => {
      const host = request.headers.get("host") ?? "";
      if (host !== lastHost) {
        if (!isValidHost(host))
          return new GatewayError("host_invalid").toResponse(Bun.randomUUIDv7());
        lastHost = host;
      }
      self.timeout(request, 0); // a silent stream is not a dead one; calls have their own deadlines
      return closing() ? closed(app.fetch(request)) : app.fetch(request);
    },
    error: (cause) => {
      const error = new GatewayError("internal", { cause });
      deps.failed(error);
      return error.toResponse(Bun.randomUUIDv7());
    },
  });
  return {
    port: server.port ?? port,
    stop: () => void server.stop(),
    pending: () => server.pendingRequests,
  };
}

async function closed(reply: Response | Promise<Response>): Promise<Response> {
  const response = await reply;
  response.headers.set("connection", "close");
  return response;
}

function isValidHost(host: string): boolean {
  const match = validHost.exec(host);
  return match !== null && Number(match[1] ?? 0) <= 65_535;
}

/** IPv4 as such, also where the socket is an IPv6 one. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

function tlsOptions({ cert, key }: TlsFiles) {
  return {
    cert: readFileSync(cert, "utf8"),
    key: readFileSync(key, "utf8"),
    minVersion: "TLSv1.2",
  };
}
