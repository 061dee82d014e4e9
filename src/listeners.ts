import type { AppDeps } from "./app.ts";
import { divertToSecond, listeningSockets } from "./process/divert.ts";
import { isFree } from "./process/free-port.ts";
import { StartError } from "./process/start-error.ts";
import {
  listen,
  type Listener,
  type ListenOptions,
  readTls,
  type TlsFiles,
  type TlsTexts,
} from "./server.ts";

export interface Address {
  /** As configured; `localhost` is 127.0.0.1 and, where there is one, [::1]. */
  readonly host: string;
  readonly port: number;
  readonly tls: TlsFiles | null;
}

/** All listeners of one gateway. */
export interface Listeners {
  readonly port: number;
  /** Replies close their connections from now on; new ones are still taken. */
  close(): void;
  /** Takes no connection any more. */
  stop(): void;
  pending(): number;
  /**
   * New connections get the certificate as it now stands in its files; running ones keep theirs. Throws a
   * `StartError` where it cannot be used: then all stays as it was.
   */
  renewTls(): Promise<void>;
  /** A predecessor listens on the same addresses: from now on it gets no new connection. */
  outdo(): Promise<void>;
}

/** How long two listeners on one address go on side by side, until what is on its way to the first is there. */
export const overlapMs = 500;

/** The addresses that a host name stands for here. */
export function hostnames(host: string): readonly string[] {
  if (host !== "localhost") return [host.replace(/^\[(.*)\]$/, "$1")];
  return hasIpv6Loopback() ? ["127.0.0.1", "::1"] : ["127.0.0.1"];
}

/** Binds every address, or throws a `StartError`. `takeover`: a predecessor may have them still. */
export function openListeners(address: Address, deps: AppDeps, takeover: boolean): Listeners {
  let closing = false;
  const start: Start = (options) => listen(options, deps, () => closing);
  let listeners = bindAnyTimes((port) => bindAll(address, port, takeover, start), address.port);
  let retired: Listener[] = [];
  const port = listeners[0]?.port ?? address.port;
  const all = () => [...listeners, ...retired];
  return {
    port,
    close: () => {
      closing = true;
    },
    stop: () => {
      closing = true;
      for (const listener of all()) listener.stop();
    },
    pending: () => all().reduce((sum, listener) => sum + listener.pending(), 0),
    outdo: () => divertToSecond(listeningSockets(port)),
    renewTls: async () => {
      const old = listeners;
      const oldSockets = listeningSockets(port);
      listeners = bindAll(address, port, true, start);
      retired = [...retired.filter((listener) => listener.pending() > 0), ...old];
      await divertToSecond(listeningSockets(port).filter((fd) => !oldSockets.includes(fd)));
      await Bun.sleep(overlapMs);
      for (const listener of old) listener.stop();
    },
  };
}

type Start = (options: ListenOptions) => Listener;

/** One listener for each address, or none at all. `shared`: somebody may listen on them already, and should. */
function bindAll(address: Address, port: number, shared: boolean, start: Start): Listener[] {
  const tls = tlsTexts(address.tls);
  const bound: Listener[] = [];
  try {
    for (const hostname of hostnames(address.host)) {
      const options = { hostname, port: bound[0]?.port ?? port, tls };
      if (!shared && !isFree(hostname, options.port)) throw taken(hostname, options.port);
      bound.push(bind(start, options, address.tls));
    }
    return bound;
  } catch (error) {
    for (const listener of bound) listener.stop();
    throw error;
  }
}

function bind(start: Start, options: ListenOptions, tls: TlsFiles | null): Listener {
  try {
    return start(options);
  } catch (error) {
    const code = codeOf(error);
    if (tls !== null && code.startsWith("ERR_")) throw unusable(tls, code);
    throw failed(code, options.hostname, options.port);
  }
}

/** A free port of one address may be taken on the other: then another one is tried. */
function bindAnyTimes(bindOnce: (port: number) => Listener[], port: number): Listener[] {
  for (let left = port === 0 ? 20 : 0; left > 0; left--) {
    try {
      return bindOnce(port);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
    }
  }
  return bindOnce(port);
}

function hasIpv6Loopback(): boolean {
  try {
    Bun.listen({ hostname: "::1", port: 0, socket: { data() {} } }).stop(true);
    return true;
  } catch {
    return false;
  }
}

function tlsTexts(files: TlsFiles | null): TlsTexts | null {
  if (files === null) return null;
  try {
    return readTls(files);
  } catch (error) {
    throw unusable(files, codeOf(error));
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

function unusable({ cert, key }: TlsFiles, code: string): StartError {
  return new StartError(
    `The certificate ${cert} cannot be used with the key ${key} (${code}). Both are PEM files that belong together.`,
  );
}

function taken(hostname: string, port: number): StartError {
  return new StartError(
    `Port ${port} on ${hostname} is taken by another program. Stop it, or choose another: --port ${port + 1}. To replace a running gateway use --takeover.`,
    1,
  );
}

function failed(code: string, hostname: string, port: number): StartError {
  if (code === "EADDRINUSE") return taken(hostname, port);
  if (code === "EACCES") {
    return new StartError(`Port ${port} is for privileged programs: choose one above 1023.`, 1);
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new StartError(
      `${hostname} is not an address of this machine: choose another --host.`,
      1,
    );
  }
  return new StartError(`Cannot listen on ${hostname}:${port} (${code}).`, 1);
}
