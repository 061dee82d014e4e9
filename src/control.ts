import type { AskSocket } from "./handover.ts";
import { controlPath, tooLong } from "./process/control-socket.ts";
import { StartError } from "./process/start-error.ts";

/** What the admin API said to this machine's owner of the data directory. */
export interface ControlReply {
  readonly status: number;
  /** Null where the body is not JSON. */
  readonly body: unknown;
  /** A gateway that has no master key takes no key at all. */
  readonly hasMasterKey: boolean;
}

/** The gateway does not answer at its control socket. */
export class ControlError extends StartError {
  /** Nobody listens there: it may be starting or ending just now. */
  readonly absent: boolean;

  constructor(message: string, absent: boolean) {
    super(message, 1);
    this.absent = absent;
  }
}

/** Says whether a gateway has a master key. */
export const masterKeyHeader = "x-tollgate-master-key";

/**
 * Asks the gateway that has the data directory, over its control socket. Throws a `ControlError` where it does not
 * answer. A text is sent as it is, anything else as JSON.
 */
export async function askControl(
  dataDirectory: string,
  method: string,
  path: string,
  body: unknown = null,
): Promise<ControlReply> {
  const socket = controlPath(dataDirectory);
  if (socket === null) throw new ControlError(tooLong(dataDirectory), false);
  return await ask(socket, method, path, body);
}

/** One process asks another, at its control socket. Rejects with a `ControlError` unless it is answered as asked. */
export const askSocket: AskSocket = async (socket, path, body) => {
  const reply = await ask(socket, "POST", path, body);
  if (reply.status === 200) return reply.body;
  throw new ControlError(`${path} at ${socket} was answered with ${reply.status}.`, false);
};

/** A connection of its own for each question: after a takeover an older one would lead to the predecessor. */
async function ask(
  unix: string,
  method: string,
  path: string,
  body: unknown,
): Promise<ControlReply> {
  const { url, init, longestWaitMs } = question(method, path, body);
  const signal = AbortSignal.timeout(longestWaitMs);
  try {
    return await controlReply(await fetch(url, { ...init, unix, keepalive: false, signal }));
  } catch (error) {
    throw silent(unix, error);
  }
}

/** A request in the form that both ways take. */
export function question(method: string, path: string, body: unknown) {
  const isText = typeof body === "string";
  const text = body === null || isText ? body : JSON.stringify(body);
  const headers = { "content-type": isText ? "text/plain" : "application/json" };
  return {
    url: `http://localhost${path}`,
    init: text === null ? { method } : { method, headers, body: text },
    /** Ten seconds, and one more for each 100 KB that have to be read and kept. */
    longestWaitMs: 10_000 + (text?.length ?? 0) / 100,
  };
}

export async function controlReply(response: Response): Promise<ControlReply> {
  return {
    status: response.status,
    body: parsed(await response.text()),
    hasMasterKey: response.headers.get(masterKeyHeader) !== "none",
  };
}

function silent(path: string, error: unknown): ControlError {
  if (error instanceof Error && error.name === "TimeoutError") {
    return new ControlError(`The gateway did not answer in time at ${path}.`, false);
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  const absent = code === "ENOENT" || code === "ECONNREFUSED"; // asked, and then cut off: that is not the same
  return new ControlError(`The gateway does not answer at ${path} (${code}).`, absent);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
