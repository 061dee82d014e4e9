/** Tells the service manager how the process is doing, by the protocol of sd_notify(3). Never throws. */
export interface SystemdNotifier {
  ready(status?: string): void;
  /** To be followed by `ready` once the new configuration is in force. */
  reloading(): void;
  /** `extendUsec`: how long the service manager is to wait from now on, in microseconds. */
  stopping(extendUsec?: number): void;
  status(text: string): void;
  watchdog(): void;
  /** How often `watchdog` is to be called: half of the limit. Null where nobody watches this process. */
  readonly watchdogIntervalMs: number | null;
}

/** Both null: not under systemd. A `problem` is for the log; the process goes on without a notifier. */
export interface SystemdNotifierResult {
  readonly notifier: SystemdNotifier | null;
  readonly problem: string | null;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Opens the way to `$NOTIFY_SOCKET`: a path, or an abstract address that is written with a leading `@`. */
export async function systemdNotifier(env: Env): Promise<SystemdNotifierResult> {
  const socket = env["NOTIFY_SOCKET"];
  if (socket === undefined || socket === "") return { notifier: null, problem: null };
  try {
    const libc = await loadLibc();
    const address = socketAddress(socket);
    const send = (message: string, wait: boolean) => sendDatagram(libc, address, message, wait);
    const watchdogIntervalMs = watchdogInterval(env);
    return { notifier: { ...notifier(libc, send), watchdogIntervalMs }, problem: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { notifier: null, problem: `systemd cannot be notified: ${reason}` };
  }
}

type Send = (message: string, wait: boolean) => void;

function notifier(libc: Libc, send: Send): Omit<SystemdNotifier, "watchdogIntervalMs"> {
  return {
    ready: (status) =>
      send(status === undefined ? "READY=1" : `READY=1\n${statusLine(status)}`, true),
    reloading: () => send(`RELOADING=1\nMONOTONIC_USEC=${monotonicUsec(libc)}`, true),
    stopping: (extendUsec) =>
      send(
        extendUsec === undefined
          ? "STOPPING=1"
          : `STOPPING=1\nEXTEND_TIMEOUT_USEC=${Math.ceil(extendUsec)}`,
        true,
      ),
    status: (text) => send(statusLine(text), false),
    watchdog: () => send("WATCHDOG=1", false),
  };
}

const longestStatus = 1000;

/** A line break would begin the next assignment; of a datagram over 4,096 bytes systemd reads nothing at all. */
function statusLine(text: string): string {
  return `STATUS=${text
    .slice(0, longestStatus)
    .toWellFormed()
    .replace(/\p{Cc}+/gu, " ")}`;
}

function watchdogInterval(env: Env): number | null {
  const pid = env["WATCHDOG_PID"];
  if (pid !== undefined && pid !== "" && pid !== String(process.pid)) return null;
  const limitUsec = Number(env["WATCHDOG_USEC"] ?? "");
  return Number.isSafeInteger(limitUsec) && limitUsec > 0 ? limitUsec / 2000 : null;
}

const addressFamilyUnix = 1;
const longestPath = 107;

/** `struct sockaddr_un`: the family in native order, then the path with its NUL, or a NUL and the abstract name. */
function socketAddress(socket: string): Uint8Array {
  if (!socket.startsWith("/") && !/^@./.test(socket))
    throw new Error("NOTIFY_SOCKET is neither a path nor an abstract address");
  const isAbstract = socket.startsWith("@");
  const name = Buffer.from(isAbstract ? `\0${socket.slice(1)}` : `${socket}\0`);
  if (name.length > longestPath + 1) throw new Error("NOTIFY_SOCKET is too long");
  return Buffer.concat([new Uint8Array(new Uint16Array([addressFamilyUnix]).buffer), name]);
}

const datagramCloseOnExec = 0o2000002;
const dontWait = 0x40;
const noSignal = 0x4000;
const [socketLevel, sendTimeout] = [1, 21];

/**
 * A change of state waits up to one second for a service manager that is behind with its reading;
 * pings and status texts are dropped instead, as the next one will do.
 */
function sendDatagram(libc: Libc, address: Uint8Array, message: string, wait: boolean): void {
  const bytes = Buffer.from(message);
  const fd = libc.socket(addressFamilyUnix, datagramCloseOnExec, 0);
  if (fd < 0) return;
  const limit = new BigInt64Array([1n, 0n]);
  libc.setsockopt(fd, socketLevel, sendTimeout, limit, limit.byteLength);
  const flags = wait ? noSignal : noSignal | dontWait;
  libc.sendto(fd, bytes, bytes.length, flags, address, address.length);
  libc.close(fd);
}

const monotonicClock = 1;

/** `process.hrtime` counts from the start of the process; systemd compares with its own CLOCK_MONOTONIC. */
function monotonicUsec(libc: Libc): bigint {
  const time = new BigInt64Array(2);
  libc.clock_gettime(monotonicClock, time);
  return (time[0] ?? 0n) * 1_000_000n + (time[1] ?? 0n) / 1000n;
}

type Libc = Awaited<ReturnType<typeof loadLibc>>;

/** Throws where the platform has none of these names, or where memory may not become executable (no JIT, no FFI). */
async function loadLibc() {
  if (process.platform !== "linux") throw new Error(`not supported on ${process.platform}`);
  const { dlopen } = await import("bun:ffi");
  const open = (name: string) =>
    dlopen(name, {
      socket: { args: ["int", "int", "int"], returns: "int" },
      setsockopt: { args: ["int", "int", "int", "buffer", "u32"], returns: "int" },
      sendto: { args: ["int", "buffer", "usize", "int", "buffer", "u32"], returns: "i64" },
      close: { args: ["int"], returns: "int" },
      clock_gettime: { args: ["int", "buffer"], returns: "int" },
    }).symbols;
  let failure: unknown;
  for (const name of libcNames) {
    try {
      return open(name);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

const muslArch = process.arch === "arm64" ? "aarch64" : "x86_64";
const libcNames = ["libc.so.6", `libc.musl-${muslArch}.so.1`, "libc.so"];
