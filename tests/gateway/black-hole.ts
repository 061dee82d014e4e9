import { connect, type Socket } from "node:net";

/** A port of this machine that takes no connection and refuses none. */
export interface BlackHole extends AsyncDisposable {
  readonly port: number;
}

const server = `require("node:net").createServer().listen(0, "127.0.0.1", function () {
  console.log(this.address().port);
});`;

/** A listener whose process is stopped and whose backlog is full: the kernel drops what else knocks. */
export async function startBlackHole(): Promise<BlackHole> {
  const child = Bun.spawn([process.execPath, "-e", server], {
    env: { ...process.env, BUN_BE_BUN: "1" },
    stdin: "ignore",
    stdout: "pipe",
  });
  const line = await child.stdout.getReader().read();
  const port = Number(new TextDecoder().decode(line.value));
  child.kill("SIGSTOP");
  const sockets: Socket[] = [];
  while (await isTaken(port, sockets)) if (sockets.length > 10_000) throw new Error("never full");
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

function isTaken(port: number, sockets: Socket[]): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => done(true));
    sockets.push(socket);
    socket.on("error", () => done(false));
    setTimeout(() => done(false), 300);
  });
}
