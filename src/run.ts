import type { AppDeps } from "./app.ts";
import { banner } from "./cli/banner.ts";
import type { Settings } from "./cli/settings.ts";
import { isLoopback } from "./gateway/at-this-machine.ts";
import { hostnames, ListenError, type Listeners, openListeners } from "./listeners.ts";
import { callLines } from "./logging/call-lines.ts";
import { createLog, type Level, type Log } from "./logging/log.ts";
import { lineWriter } from "./logging/writer.ts";
import {
  claimDataDirectory,
  ownerOf,
  releaseDataDirectory,
  writeOwner,
} from "./process/data-directory.ts";
import { fileLimit } from "./process/file-limit.ts";
import { watchFiles } from "./process/watch-files.ts";
import { attempt, createReloader, type Reloader } from "./reloader.ts";
import { type SampleServer, startSample } from "./sample/server.ts";
import { type SystemdNotifier, systemdNotifier } from "./sd-notify.ts";
import type { TlsFiles } from "./server.ts";
import { createShutdown, drainMs } from "./shutdown.ts";
import { version } from "./version.ts";

/** A command line's settings for one gateway process. */
export interface RunSettings extends Settings {
  readonly level: Level;
  readonly detailed: boolean;
  readonly tls: TlsFiles | null;
  readonly takeover: boolean;
  readonly dataDirectory: string;
}

/** Something that keeps a gateway from starting, in words for the person who started it. */
class StartError extends Error {}

/** Runs a gateway until it is told to stop; gives the exit code. */
export async function runGateway(settings: RunSettings): Promise<number> {
  const pretty = process.stderr.isTTY === true;
  const log = createLog(lineWriter(2), { level: settings.level, pretty });
  try {
    return await start(settings, log);
  } catch (error) {
    if (!(error instanceof StartError || error instanceof ListenError)) throw error;
    await log.flush(500);
    process.stderr.write(`${error.message}\n`);
    return error instanceof ListenError ? 1 : 2;
  }
}

async function start(settings: RunSettings, log: Log): Promise<number> {
  surviveRejections(log);
  const maxCalls = checkFileLimit(log);
  const predecessor = claim(settings);
  const { notifier, problem } = await systemdNotifier(process.env);
  if (problem !== null) log.warn("systemd", { message: problem });

  let sample: SampleServer | null = null;
  const surroundings = {
    env: settings.env,
    addresses: hostnames(settings.host),
    port: settings.port,
    sampleUrl: () => (sample ??= startSample()).url,
  };
  const first = attempt(settings.source, surroundings);
  if (first.runtime === null) throw new StartError(first.faults.join("\n"));
  for (const warning of first.warnings) log.warn("config", { message: warning });

  const reloader = createReloader(first.runtime, () => attempt(settings.source, surroundings), log);
  const inFlight = { count: 0 };
  const reload = (reason: string) => {
    notifier?.reloading();
    const { faults } = reloader.reload(reason);
    notifier?.ready();
    return { faults, routes: reloader.current().rules.routes.all.length };
  };
  const deps: AppDeps = {
    gateway: {
      rules: () => reloader.current().rules,
      log: callLines(log, settings.detailed),
      inFlight,
      maxCalls,
    },
    adminHosts: () => reloader.current().adminHosts,
    operations: {
      inFlight: () => inFlight.count,
      reload: async () => reload("POST /config/reload"),
    },
    rootPath: (settings.env["SERVER_ROOT_PATH"] ?? "").replace(/\/+$/, ""),
    failed: (error) => log.error("failed", { code: error.code, cause: String(error.cause) }),
  };
  const listeners = openListeners(settings, deps, predecessor !== null);
  writeOwner(settings.dataDirectory, listeners.port);

  const shutdown = createShutdown({
    listeners,
    log,
    inFlight: () => inFlight.count,
    succeeded: () => ownerOf(settings.dataDirectory)?.pid !== process.pid,
    stopping: () => notifier?.stopping(drainMs * 1000 + 5_000_000),
  });
  process.on("SIGTERM", () => shutdown.begin("SIGTERM"));
  process.on("SIGINT", () => shutdown.begin("SIGINT"));
  process.on("SIGHUP", () => void reload("SIGHUP"));
  watch(settings, listeners, reload);
  announce(settings, listeners, reloader, log);
  notifier?.ready();
  keepWatchdog(notifier);
  if (predecessor !== null) process.kill(predecessor, "SIGTERM");

  const code = await shutdown.done;
  releaseDataDirectory(settings.dataDirectory);
  process.exit(code); // half-open connections and the sample would keep the loop alive
}

/** One rejection nobody handles must not take all other calls down. */
function surviveRejections(log: Log): void {
  let count = 0;
  const survive = (kind: string) => (cause: unknown) => {
    count += 1;
    const stack = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    log.error("uncaught", { kind, count, cause: stack });
  };
  process.on("unhandledRejection", survive("rejection"));
  process.on("uncaughtException", survive("exception"));
}

/** How many calls there are files for. */
function checkFileLimit(log: Log): number {
  const limit = fileLimit();
  if (limit.kind === "enough") return Number.POSITIVE_INFINITY;
  if (limit.kind === "refused") {
    throw new StartError(
      `At most ${limit.limit} open files are allowed: too few. Raise the hard limit to 65536 (ulimit -Hn, LimitNOFILE=).`,
    );
  }
  log.warn("file_limit", {
    message: `At most ${limit.limit} open files are allowed: calls are capped at ${limit.maxCalls}. Raise the hard limit to 65536.`,
  });
  return limit.maxCalls;
}

/** Takes the data directory; with `--takeover` gives the pid of the gateway to follow. */
function claim({ dataDirectory, port, takeover }: RunSettings): number | null {
  const result = claimDataDirectory(dataDirectory, port);
  if (result.kind === "ours") return null;
  if (result.kind === "unusable") {
    throw new StartError(
      `The data directory ${dataDirectory} cannot be used (${result.reason}). Choose another: --data-dir.`,
    );
  }
  const { owner } = result;
  if (!takeover) {
    throw new StartError(
      `The data directory ${dataDirectory} belongs to the gateway with pid ${owner.pid}. Stop it, take over with --takeover, or choose another --data-dir.`,
    );
  }
  if (port !== owner.port) {
    throw new StartError(
      `The gateway with pid ${owner.pid} listens on port ${owner.port}: take over with --port ${owner.port}.`,
    );
  }
  return owner.pid;
}

function watch(
  { source, tls }: RunSettings,
  listeners: Listeners,
  reload: (reason: string) => void,
): void {
  if (source.watched !== null) watchFiles([source.watched], () => reload("file changed"));
  if (tls !== null) watchFiles([tls.cert, tls.key], () => listeners.renewTls());
}

function announce(settings: RunSettings, listeners: Listeners, reloader: Reloader, log: Log): void {
  const name = isLoopback(settings.host) ? "localhost" : settings.host;
  const host = name.includes(":") ? `[${name}]` : name;
  const url = `${settings.tls === null ? "http" : "https"}://${host}:${listeners.port}`;
  const facts = { url, builtIn: settings.source.watched === null };
  lineWriter(1).write(banner(reloader.current(), facts));
  log.info("listening", {
    url,
    port: listeners.port,
    version,
    pid: process.pid,
    config: settings.source.file,
    routes: reloader.current().rules.routes.all.length,
  });
}

/** From the main loop alone: a loop that is blocked stops pinging, and the service manager restarts us. */
function keepWatchdog(notifier: SystemdNotifier | null): void {
  const interval = notifier?.watchdogIntervalMs ?? null;
  if (interval !== null) setInterval(() => notifier?.watchdog(), interval).unref();
}
