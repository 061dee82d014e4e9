import { GatewayError } from "./core/errors.ts";
import { pathOf } from "./gateway/parse-target.ts";
import { metricsReply, type MetricsText } from "./http/metrics.ts";
import { divertToSecond, listeningSockets } from "./process/divert.ts";
import { isFree } from "./process/free-port.ts";
import { StartError } from "./process/start-error.ts";

export interface MetricsAddress {
  readonly hostname: string;
  readonly port: number;
}

/** Serves `/metrics`, and nothing else. */
export interface MetricsListener {
  readonly port: number;
  stop(): void;
}

/**
 * `metrics_listen`: for a collector that has no key. `takeover`: a predecessor may have the address still; it gets no
 * new connection, or counters would jump from one process to the other while it drains. Throws a `StartError`.
 */
export function listenForMetrics(
  { hostname, port }: MetricsAddress,
  scrape: MetricsText,
  takeover: boolean,
): MetricsListener {
  if (!takeover && !isFree(hostname, port)) throw cannotListen(hostname, port, "it is taken");
  try {
    const server = Bun.serve({
      hostname,
      port,
      reusePort: process.platform !== "win32",
      development: false,
      fetch: (request) => (pathOf(request.url) === "/metrics" ? metricsReply(scrape) : notFound()),
      error: () => new GatewayError("internal").toResponse(Bun.randomUUIDv7()),
    });
    const own = server.port ?? port;
    if (takeover) void divertToSecond(listeningSockets(own));
    return { port: own, stop: () => void server.stop() };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw cannotListen(hostname, port, code);
  }
}

function notFound(): Response {
  return new GatewayError("not_found").toResponse(Bun.randomUUIDv7());
}

function cannotListen(hostname: string, port: number, why: string): StartError {
  const place = `general_settings.metrics_listen: ${hostname}:${port}`;
  return new StartError(`${place} cannot be listened on (${why}). Choose another address.`, 1);
}
