import { statSync } from "node:fs";
import { isatty } from "node:tty";
import { announce } from "./announce.ts";
import type { AppDeps } from "./app.ts";
import { appDeps } from "./app-deps.ts";
import type { Settings } from "./cli/settings.ts";
import { askSocket } from "./control.ts";
import type { Keys } from "./core/key-record.ts";
import { guessedFormat } from "./core/metering-settings.ts";
import type { RouteTable } from "./core/routes.ts";
import { draining } from "./gateway/draining.ts";
import { Handover } from "./handover.ts";
import { handoverFetch, isHandover } from "./handover-fetch.ts";
import { hostnames, type Listeners, openListeners } from "./listeners.ts";
import { createLog, type Level, type Log } from "./logging/log.ts";
import { lateKeys, openStores, type Stores } from "./open-stores.ts";
import { type Control, controlPath, openControl } from "./process/control-socket.ts";
import {
  claimDataDirectory,
  ownerOf,
  livesAs,
  releaseDataDirectory,
  tokenOf,
  writeOwner,
} from "./process/data-directory.ts";
import { listenForMetrics } from "./metrics-listener.ts";
import { callCap } from "./process/file-limit.ts";
import { StartError } from "./process/start-error.ts";
import { surviveUncaught } from "./process/uncaught.ts";
import { watchFiles } from "./process/watch-files.ts";
import { createReloader, type Reloader } from "./reloader.ts";
import { type SampleServer, startSample } from "./sample/server.ts";
import { type SystemdNotifier, systemdNotifier } from "./sd-notify.ts";
import type { TlsFiles } from "./server.ts";
import { beginTakeover, type Takeover } from "./takeover.ts";
import { restartNeeded } from "./restart-needed.ts";
import { createShutdown } from "./shutdown.ts";

/** A command line's settings for one gateway process. */
export interface RunSettings extends Settings {
  readonly level: Level;
  readonly detailed: boolean;
  readonly tls: TlsFiles | null;
  readonly takeover: boolean;
  readonly dataDirectory: string;
}

/** How long calls may go on after a stop was asked for. */
const drainMs = 30_000;

/** Runs a gateway until it is told to stop, and ends the process. Throws a `StartError` where it cannot start. */
export async function runGateway(settings: RunSettings): Promise<never> {
  const log = createLog(2, { level: settings.level, pretty: isatty(2) });
  let code: number;
  try {
    code = await serve(settings, log);
  } catch (error) {
    await log.flush(500);
    throw error;
  } finally {
    releaseDataDirectory(settings.dataDirectory);
  }
  process.exit(code); // half-open connections and the sample would keep the loop alive
}

/** The life of a gateway process, from what it needs to its exit code. */
async function serve(settings: RunSettings, log: Log): Promise<number> {
  const uncaught = surviveUncaught(log);
  const maxCalls = callCap(log);
  const predecessor = claimDataDirectory(settings);
  warnOfGroup(settings.dataDirectory, log);
  const notifier = await openNotifier(log);

  watchConfig(settings, () => reload("file changed"));
  const keys = lateKeys(() => services.keys);
  const listening = { port: settings.port };
  const reloader = openReloader(settings, listening, log, keys);
  const atStart = reloader.current();
  const reload = (reason: string) => {
    notifier?.reloading();
    const faults = reloader.reload(reason);
    notifier?.ready();
    const late = restartNeeded(atStart, reloader.current());
    if (late.length > 0)
      log.warn("restart_needed", { message: `${late.join(", ")}: a restart applies the change` });
    return { faults, routes: reloader.current().rules.routes.all.length };
  };
  const takeover = await takeoverOf(settings.dataDirectory, predecessor);
  const { prepare } = reloader;
  const services = openStores({ ...settings, handover: takeover, prepare }, reloader.current, log);
  reloader.begin(services.endpoints.all());
  const inFlight = { count: 0 };
  const deps = appDeps(settings, log, reloader, {
    services,
    calls: { inFlight, maxCalls },
    uncaught,
    reload,
  });
  const listeners = openListeners(settings, deps, predecessor !== null);
  listening.port = listeners.port;
  const { metricsListen } = atStart;
  const metrics =
    metricsListen && listenForMetrics(metricsListen, deps.metrics, predecessor !== null);
  if (metrics !== null) log.info("metrics_listening", { port: metrics.port });
  const handover = new Handover({
    ledger: services.ledger,
    ask: askSocket,
    lives: livesAs,
    lost: (successor) => {
      services.absorb(successor);
      if (ownerOf(settings.dataDirectory) === null) {
        writeOwner(settings.dataDirectory, listeners.port);
        control.promote();
      }
      log.warn("takeover_failed", { message: "the successor ended too soon: this one goes on" });
    },
  });
  const control = openOwnControl(settings.dataDirectory, deps, { handover, services });
  await takeover?.ready(control.path);
  writeOwner(settings.dataDirectory, listeners.port);
  const unreachable = control.promote();
  if (unreachable !== null) log.warn("control_socket", { message: unreachable });
  watchTls(settings, listeners, log);

  const shutdown = createShutdown({
    listeners,
    log,
    inFlight: () => inFlight.count,
    drainMs,
    succeeded: () => ownerOf(settings.dataDirectory)?.pid !== process.pid,
    stopping: () => {
      draining.end();
      notifier?.stopping((drainMs + 5_000) * 1000);
    },
  });
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => shutdown.begin(signal));
  process.on("SIGHUP", () => reload("SIGHUP"));
  announce(settings, listeners.port, reloader.current(), log);
  notifier?.ready();
  warmPrices(reloader.current().rules.routes);
  keepWatchdog(notifier);
  if (predecessor !== null) {
    await listeners.outdo();
    retire(predecessor, log);
  }
  const code = await shutdown.done;
  metrics?.stop();
  await handover.told();
  control.close();
  await services.close();
  await log.flush(500);
  return code;
}

function takeoverOf(dataDirectory: string, predecessor: number | null): Promise<Takeover> | null {
  if (predecessor === null) return null;
  return beginTakeover(
    controlPath(dataDirectory),
    { owner: tokenOf(predecessor), successor: tokenOf(process.pid) },
    askSocket,
  );
}

/** For the shell, and for a successor. */
function openOwnControl(
  dataDirectory: string,
  deps: AppDeps,
  own: { readonly handover: Handover; readonly services: Stores },
): Control {
  let admin: Promise<(request: Request) => Promise<Response>> | null = null;
  const load = async () => (await import("./control-api.ts")).controlFetch(deps);
  const routes = () => deps.gateway.rules().routes;
  return openControl(
    dataDirectory,
    (request) =>
      isHandover(request)
        ? handoverFetch(request, { ...own, routes })
        : (admin ??= load()).then((answer) => answer(request)),
    { own: false },
  );
}

function warnOfGroup(dataDirectory: string, log: Log): void {
  if (process.platform === "win32" || (statSync(dataDirectory).mode & 0o020) === 0) return;
  const message = `the group of ${dataDirectory} may write into it: chmod 700 ${dataDirectory}`;
  log.warn("data_directory", { message });
}

async function openNotifier(log: Log): Promise<SystemdNotifier | null> {
  const { notifier, problem } = await systemdNotifier(process.env);
  if (problem !== null) log.warn("systemd", { message: problem });
  return notifier;
}

/** Looks at the file before it is read, so that no change is missed. */
function watchConfig({ source }: RunSettings, changed: () => void): void {
  if (source.watched !== null) watchFiles([source.watched], changed);
}

/** `listening.port` is 0 until it is known. */
function openReloader(
  { env, host, source }: RunSettings,
  listening: { readonly port: number },
  log: Log,
  keys: Keys,
): Reloader {
  let sample: SampleServer | null = null;
  const sampleUrl = () => (sample ??= startSample()).url;
  const addresses = hostnames(host);
  const surroundings = {
    env,
    addresses,
    get port() {
      return listening.port;
    },
    sampleUrl,
    keys,
  };
  return createReloader(source, surroundings, log);
}

function watchTls({ tls }: RunSettings, listeners: Listeners, log: Log): void {
  if (tls === null) return;
  watchFiles([tls.cert, tls.key], async () => {
    try {
      await listeners.renewTls();
      log.info("certificate_renewed", { cert: tls.cert });
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      log.error("certificate_failed", { message: `${error.message} The old one stays.` });
    }
  });
}

/** The catalogue is read ahead where calls are sure to need it: the first of them would wait for it. */
function warmPrices({ all }: RouteTable): void {
  const priced = all.find(
    ({ costNanoUsd, metering }) =>
      costNanoUsd === null && metering !== null && metering.format.id !== guessedFormat,
  );
  setTimeout(() => priced?.metering?.prices.warm(), 200).unref();
}

/** From the main loop alone: a loop that is blocked stops pinging, and the service manager restarts us. */
function keepWatchdog(notifier: SystemdNotifier | null): void {
  const interval = notifier?.watchdogIntervalMs ?? null;
  if (interval !== null) setInterval(() => notifier?.watchdog(), interval).unref();
}

/** Tells the gateway before us to go: by now it would share the calls with us. */
function retire(pid: number, log: Log): void {
  try {
    process.kill(pid, "SIGTERM");
    log.info("taken_over", { from: pid });
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    log.warn("taken_over", {
      from: pid,
      message: `pid ${pid} could not be told to stop (${reason})`,
    });
  }
}
