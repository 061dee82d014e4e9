import type { AppDeps } from "./app.ts";
import { isFree } from "./process/free-port.ts";
import { listen, type Listener, type TlsFiles } from "./server.ts";

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
  /** New connections get the certificate as it now stands in its files; running ones keep theirs. */
  renewTls(): void;
}

/** An address that somebody else has, or that is not this machine's. */
export class ListenError extends Error {}

/** The addresses that a host name stands for here. */
export function hostnames(host: string): readonly string[] {
  if (host !== "localhost") return [host];
  return hasIpv6Loopback() ? ["127.0.0.1", "::1"] : ["127.0.0.1"];
}

/** Binds every address, or throws a `ListenError`. `takeover`: a predecessor may have them still. */
export function openListeners(address: Address, deps: AppDeps, takeover: boolean): Listeners {
  let closing = false;
  const names = hostnames(address.host);
  const bind = (hostname: string, port: number): Listener => {
    if (!takeover && !isFree(hostname, port)) throw taken(hostname, port);
    try {
      return listen({ hostname, port, tls: address.tls }, deps, () => closing);
    } catch (error) {
      throw failed(error, hostname, port);
    }
  };
  const bindAll = (port: number): Listener[] => {
    const bound: Listener[] = [];
    try {
      for (const name of names) bound.push(bind(name, bound[0]?.port ?? port));
      return bound;
    } catch (error) {
      for (const listener of bound) listener.stop();
      throw error;
    }
  };
  let listeners = bindAnyTimes(bindAll, address.port);
  const port = listeners[0]?.port ?? address.port;
  return {
    port,
    close: () => {
      closing = true;
    },
    stop: () => {
      closing = true;
      for (const listener of listeners) listener.stop();
    },
    pending: () => listeners.reduce((sum, listener) => sum + listener.pending(), 0),
    renewTls: () => {
      const old = listeners;
      listeners = names.map((hostname) =>
        listen({ hostname, port, tls: address.tls }, deps, () => closing),
      );
      for (const listener of old) listener.stop();
    },
  };
}

/** A free port of one address may be taken on the other: then another one is tried. */
function bindAnyTimes(bindAll: (port: number) => Listener[], port: number): Listener[] {
  for (let left = port === 0 ? 20 : 0; left > 0; left--) {
    try {
      return bindAll(port);
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
    }
  }
  return bindAll(port);
}

function hasIpv6Loopback(): boolean {
  try {
    Bun.listen({ hostname: "::1", port: 0, socket: { data() {} } }).stop(true);
    return true;
  } catch {
    return false;
  }
}

function taken(hostname: string, port: number): ListenError {
  return new ListenError(
    `Port ${port} on ${hostname} is taken by another program. Stop it, or choose another: --port ${port + 1}. To replace a running gateway use --takeover.`,
  );
}

function failed(error: unknown, hostname: string, port: number): ListenError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  if (code === "EADDRINUSE") return taken(hostname, port);
  if (code === "EACCES") {
    return new ListenError(`Port ${port} is for privileged programs: choose one above 1023.`);
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new ListenError(`${hostname} is not an address of this machine: choose another --host.`);
  }
  return new ListenError(`Cannot listen on ${hostname}:${port} (${code}).`);
}
