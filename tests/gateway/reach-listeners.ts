import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Certificate } from "./certificates.ts";

/** Answers every request with 200 and its own address, on connections that stay open. */
export interface Listener extends AsyncDisposable {
  readonly port: number;
  connections(): number;
  /** The heads of the requests that came. */
  readonly heads: readonly string[];
}

export interface ListenerOptions {
  readonly port?: number;
  readonly certificate?: Certificate;
  /** The status line and headers of each reply. */
  readonly head?: string;
}

export async function listen(address: string, options: ListenerOptions = {}): Promise<Listener> {
  let connections = 0;
  const heads: string[] = [];
  const open = new Set<Socket>();
  const reply = `${options.head ?? "HTTP/1.1 200 OK"}\r\nContent-Length: ${address.length}\r\n\r\n${address}`;
  const take = (socket: Socket) => {
    connections += 1;
    open.add(socket);
    let text = "";
    socket.on("error", () => socket.destroy());
    socket.on("close", () => open.delete(socket));
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
        heads.push(text.slice(0, end));
        text = text.slice(end + 4);
        socket.write(reply);
      }
    });
  };
  const { certificate } = options;
  const server =
    certificate === undefined
      ? createServer(take)
      : createTlsServer({ cert: certificate.cert, key: certificate.key }, take);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, address, resolve);
  });
  const bound = server.address();
  return {
    port: typeof bound === "object" && bound !== null ? bound.port : 0,
    connections: () => connections,
    heads,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
