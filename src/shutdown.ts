import { GatewayError } from "./core/errors.ts";
import { abortAll } from "./gateway/clock.ts";
import { type Listeners, overlapMs } from "./listeners.ts";
import type { Log } from "./logging/log.ts";

/** How long calls that were cut may take to tell their clients and the log. */
const farewellMs = 500;

export interface ShutdownDeps {
  readonly listeners: Pick<Listeners, "close" | "stop" | "pending">;
  readonly log: Log;
  readonly inFlight: () => number;
  /** How long calls may go on after a stop was asked for. */
  readonly drainMs: number;
  /** A successor has taken the data directory over. */
  readonly succeeded: () => boolean;
  /** Told once, at the start. */
  readonly stopping: () => void;
}

/** Ends a gateway: the first call of `begin` lets running calls end, the second one does not. */
export function createShutdown(deps: ShutdownDeps): {
  begin(signal: string): void;
  /** Resolves with the exit code, once all is said. */
  readonly done: Promise<number>;
} {
  const { log, listeners, inFlight } = deps;
  const { promise: done, resolve } = Promise.withResolvers<number>();
  let asked = 0;
  const busy = () => inFlight() > 0 || listeners.pending() > 0;
  const drain = async (signal: string) => {
    log.info("stopping", { signal, in_flight: inFlight() });
    deps.stopping();
    if (deps.succeeded()) {
      listeners.close();
      await until(() => asked > 1, overlapMs);
    }
    listeners.stop();
    await until(() => asked > 1 || !busy(), deps.drainMs);
    const cut = inFlight();
    abortAll(new GatewayError("gateway_stopped"));
    await until(() => !busy(), farewellMs);
    log.info("stopped", { cut });
    await log.flush(500);
    resolve(0);
  };
  return {
    done,
    begin: (signal) => {
      asked += 1;
      if (asked === 1) void drain(signal);
    },
  };
}

async function until(condition: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (!condition() && performance.now() < end) await Bun.sleep(5);
}
