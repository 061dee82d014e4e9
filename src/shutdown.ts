import { GatewayError } from "./core/errors.ts";
import { abortAll } from "./gateway/clock.ts";
import type { Listeners } from "./listeners.ts";
import type { Log } from "./logging/log.ts";

/** How long calls may go on after a stop was asked for. */
export const drainMs = 30_000;

/** How long a predecessor still takes calls while its successor does too, so that nobody is refused. */
const overlapMs = 500;

export interface ShutdownDeps {
  readonly listeners: Listeners;
  readonly log: Log;
  readonly inFlight: () => number;
  /** A successor has taken the data directory over. */
  readonly succeeded: () => boolean;
  /** Told once, at the start. */
  readonly stopping: () => void;
}

/** Ends a gateway: the first call lets running calls end, the second one does not. */
export function createShutdown(deps: ShutdownDeps): {
  begin(signal: string): void;
  done: Promise<number>;
} {
  const { log, listeners, inFlight } = deps;
  const { promise: done, resolve } = Promise.withResolvers<number>();
  let begun = false;
  const finish = () => {
    const cut = inFlight();
    abortAll(new GatewayError("gateway_stopped"));
    log.info("stopped", { cut });
    void log.flush(500).then(() => resolve(0));
  };
  const drain = async () => {
    if (deps.succeeded()) {
      listeners.close();
      await Bun.sleep(overlapMs);
    }
    listeners.stop();
    const until = performance.now() + drainMs;
    while (performance.now() < until && (inFlight() > 0 || listeners.pending() > 0)) {
      await Bun.sleep(10);
    }
    finish();
  };
  return {
    done,
    begin: (signal) => {
      if (begun) {
        finish();
        return;
      }
      begun = true;
      log.info("stopping", { signal, in_flight: inFlight() });
      deps.stopping();
      void drain();
    },
  };
}
