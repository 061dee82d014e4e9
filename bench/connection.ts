import type { Socket } from "bun";
import { createReplyReader } from "./reply-reader.ts";

/** What an exchange shows as it goes; all optional. */
export interface Watch {
  readonly body?: (bytes: Uint8Array) => void;
  /** Body bytes are kept and given in `Reply.body`. */
  readonly keep?: boolean;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
}

/**
 * A keep-alive client connection over a bare socket: nothing of the runtime's own HTTP client
 * (its pool, its parser) stands in the figures.
 */
export interface Connection {
  /** Sends one request and resolves at the end of its reply; rejects when the connection ends before. */
  exchange(request: Uint8Array, watch?: Watch): Promise<Reply>;
  /** Resolves at the end of the next reply, to a request that is sent by `send`. */
  answer(watch?: Watch): Promise<Reply>;
  /** Sends more of a request's body; resolves once the socket has taken it. */
  send(bytes: Uint8Array): Promise<void>;
  /** Takes nothing more from the socket, so that the kernel's buffers fill. */
  pause(): void;
  close(): void;
}

interface Pending extends PromiseWithResolvers<Reply> {
  readonly watch: Watch;
  readonly pieces: Buffer[];
  status: number;
}

/** Connects to a port on the loopback. */
export async function openConnection(port: number): Promise<Connection> {
  let pending: Pending | null = null;
  let drained: PromiseWithResolvers<void> | null = null;
  let failure: Error | null = null;

  const fail = (error: Error) => {
    failure = error;
    pending?.reject(error);
    drained?.reject(error);
    pending = drained = null;
  };
  const read = createReplyReader({
    head: (status) => void (pending && (pending.status = status)),
    body(bytes) {
      pending?.watch.body?.(bytes);
      if (pending?.watch.keep) pending.pieces.push(Buffer.from(bytes));
    },
    end() {
      const done = pending;
      pending = null;
      done?.resolve({ status: done.status, body: Buffer.concat(done.pieces).toString() });
    },
  });
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data: (_, bytes) => read(bytes),
      drain: () => drained?.resolve(),
      close: () => fail(new Error("the connection was closed")),
      error: (_, error) => fail(error),
    },
  });
  socket.setNoDelay(true);

  async function send(bytes: Uint8Array): Promise<void> {
    let sent = 0;
    while (sent < bytes.length) {
      if (failure) throw failure;
      sent += await write(socket, bytes.subarray(sent));
    }
  }

  async function write(to: Socket, bytes: Uint8Array): Promise<number> {
    drained = Promise.withResolvers();
    const count = to.write(bytes);
    if (count < 0) throw new Error("the connection was closed");
    if (count < bytes.length) await drained.promise;
    drained = null;
    return count;
  }

  function answer(watch: Watch = {}): Promise<Reply> {
    const current = { ...Promise.withResolvers<Reply>(), watch, pieces: [], status: 0 };
    pending = current;
    current.promise.catch(() => {}); // awaited later; must not be unhandled while the request is sent
    return current.promise;
  }

  return {
    async exchange(request, watch) {
      if (failure) throw failure;
      const reply = answer(watch);
      await send(request);
      return reply;
    },
    answer,
    send,
    pause: () => socket.pause(),
    close: () => socket.terminate(),
  };
}
