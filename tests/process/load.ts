import { connect, type Socket } from "node:net";

/** What became of the calls of a load. */
export interface LoadResult {
  readonly answered: number;
  /** One line for each call that did not go well. */
  readonly failures: readonly string[];
}

export interface Load {
  stop(): Promise<LoadResult>;
}

export interface LoadOptions {
  readonly clients: number;
  readonly path: string;
  /** Whether a client keeps its connection, as long as the server lets it. */
  readonly keepAlive: boolean;
}

/**
 * Clients that call one after another over raw sockets, so that a refused or reset connection is seen and not
 * retried. A kept connection that the server closes while no call is on it is no failure: HTTP allows it.
 */
export function startLoad(port: number, { clients, path, keepAlive }: LoadOptions): Load {
  let running = true;
  let answered = 0;
  const failures: string[] = [];
  const client = async () => {
    let connection: Socket | null = null;
    while (running) {
      try {
        connection ??= await dial(port);
        const reusable = await exchange(connection, path, keepAlive);
        answered += 1;
        if (!reusable) connection = leave(connection);
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
        if (connection !== null) connection = leave(connection);
      }
    }
    if (connection !== null) leave(connection);
  };
  const ended = Promise.all(Array.from({ length: clients }, client));
  return {
    stop: async () => {
      running = false;
      await ended;
      return { answered, failures };
    },
  };
}

function leave(connection: Socket): null {
  connection.destroy();
  return null;
}

function dial(port: number): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => done(socket));
    socket.once("error", (error) => fail(new Error(`connect: ${error.message}`)));
  });
}

/** One call with a reply of known length; resolves with whether the connection may be used again. */
function exchange(socket: Socket, path: string, keepAlive: boolean): Promise<boolean> {
  return new Promise((done, fail) => {
    let text = "";
    const finish = (settle: () => void) => {
      socket.removeAllListeners("data").removeAllListeners("close").removeAllListeners("error");
      socket.on("error", () => {});
      settle();
    };
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      const end = text.indexOf("\r\n\r\n");
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
      if (end < 0 || text.length < end + 4 + length) return;
      finish(() => {
        if (text.startsWith("HTTP/1.1 200 "))
          done(keepAlive && !/\r\nconnection: close/i.test(text));
        else fail(new Error(text.slice(0, 200)));
      });
    });
    const broken = (why: string) =>
      finish(() => fail(new Error(`${why} after ${text.length} bytes`)));
    socket.on("error", (error) => broken(error.message));
    socket.on("close", () => broken("closed"));
    const connection = keepAlive ? "keep-alive" : "close";
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: ${connection}\r\n\r\n`);
  });
}
