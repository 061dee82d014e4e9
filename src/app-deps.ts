import type { AppDeps } from "./app.ts";
import { checkTarget } from "./check-target.ts";
import { serverRootPath } from "./config/root-path.ts";
import type { GatewayDeps } from "./gateway/pipeline.ts";
import { createFailedAttempts } from "./http/failed-attempts.ts";
import type { Operations } from "./http/operations.ts";
import { callLines } from "./logging/call-lines.ts";
import { causeText } from "./logging/cause-text.ts";
import type { Log } from "./logging/log.ts";
import { CallMetrics } from "./metrics/call-metrics.ts";
import { openMetrics } from "./open-metrics.ts";
import type { Stores } from "./open-stores.ts";
import type { Reloader } from "./reloader.ts";
import type { Surroundings } from "./foundation.ts";
import { testerDeps } from "./tester-deps.ts";
import { version } from "./version.ts";

/** What a running gateway has, beside its settings. */
export interface OwnParts {
  readonly services: Stores;
  readonly calls: Pick<GatewayDeps, "inFlight" | "maxCalls">;
  /** Errors that nobody handled, so far. */
  readonly uncaught: () => number;
  readonly reload: Operations["reload"];
}

/** All that the data plane and the admin API of one process share. */
export function appDeps(
  { env, detailed }: Pick<Surroundings, "env"> & { readonly detailed: boolean },
  log: Log,
  reloader: Reloader,
  { services, calls, uncaught, reload }: OwnParts,
): AppDeps {
  const { keys, endpoints, sessions, rotate, ledger, bodies, spend, journalBytes } = services;
  const { current, preview, report, credentials } = reloader;
  const operations: Operations = {
    inFlight: () => calls.inFlight.count,
    uncaught,
    dropped: log.dropped,
    droppedRows: services.droppedRows,
    droppedBodies: bodies.dropped,
    reload,
    preview,
  };
  const counters = new CallMetrics();
  const state = { ...operations, journalBytes, bodyQueueBytes: bodies.inFlightBytes, version };
  const gateway: GatewayDeps = {
    rules: () => current().rules,
    log: callLines(log, detailed),
    ledger,
    bodies,
    metrics: counters,
    ...calls,
  };
  return {
    gateway,
    adminHosts: () => current().adminHosts,
    corsOrigins: () => current().corsOrigins,
    operations,
    book: keys,
    everybody: () => current().everybody,
    endpoints: {
      endpoints,
      configured: () => current().configured,
      checkTarget: (target) => checkTarget(target, current().reach),
    },
    sessions,
    rotate,
    report,
    credentials,
    tester: testerDeps(gateway, () => current().secrets),
    ledger,
    spend,
    bodies,
    prices: () => current().prices,
    metrics: openMetrics(counters, { state, book: keys, standings: ledger }),
    failures: createFailedAttempts(),
    rootPath: serverRootPath(env),
    failed: ({ code, cause }, id) => log.error("failed", { id, code, cause: causeText(cause) }),
  };
}
