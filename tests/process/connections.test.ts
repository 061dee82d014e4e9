import { expect, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { startGateway } from "../helpers/gateway.ts";
import { reply, startRawUpstream, type Step } from "../helpers/raw-upstream.ts";
import { residentBytes } from "./program.ts";

const long = process.env["TOLLGATE_LONG"] === "1";

/** Seconds from now until the other side closes the connection. */
const closed = (socket: Socket) => {
  const start = performance.now();
  return new Promise<number>((done) =>
    socket.on("close", () => done((performance.now() - start) / 1000)),
  );
};

const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

function dial(port: number): Socket {
  return connect({ port, host: "127.0.0.1" })
    .on("error", () => {})
    .resume();
}

/** Sends a head one byte at a time, and never ends it. */
function dribble(socket: Socket): void {
  socket.write("GET /a HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
  const timer = setInterval(() => socket.write("a"), 250);
  socket.on("close", () => clearInterval(timer));
}

test.skipIf(!long)(
  "10,000 idle connections take less than 50 MB",
  async () => {
    await using gateway = await startGateway("{}");
    const before = await residentBytes(gateway.pid);
    const sockets: Socket[] = [];
    for (let round = 0; round < 20; round++) {
      const some = Array.from({ length: 500 }, () => {
        const socket = dial(gateway.port);
        socket.write(request("/health/liveness"));
        return socket;
      });
      await Promise.all(some.map((socket) => new Promise((done) => socket.once("data", done))));
      sockets.push(...some);
    }

    const grown = (await residentBytes(gateway.pid)) - before;
    const reply = await fetch(`${gateway.url}/health/liveness`);
    for (const socket of sockets) socket.destroy();

    expect(grown).toBeLessThan(50 * 1024 * 1024);
    expect(reply.status).toBe(200);
  },
  60_000,
);

/** An event stream that stays silent longer than a connection may idle. */
const silentStream: Step[] = [
  { write: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: x\n\n" },
  { wait: 31_000 },
  { write: "data: [DONE]\n\n" },
  { end: "close" },
];

/** Calls that last long enough for their connections to be held open, each with its end. */
const longCalls: Record<string, Step[]> = {
  "/stream": [
    { write: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" },
    ...Array.from({ length: 6 }, (): Step[] => [{ write: "data: x\n\n" }, { wait: 50 }]).flat(),
    { end: "close" },
  ],
  "/late": [{ wait: 300 }, reply(200, [], "{}")],
  "/late-empty": [{ wait: 300 }, { write: "HTTP/1.1 204 X\r\n\r\n" }],
  "/late-failure": [{ wait: 300 }, { end: "reset" }],
};

test("heads that dribble are cut within 30 s; idle connections live 20 s and more, silent streams on", async () => {
  using upstream = await startRawUpstream({ scripts: { "/silent": silentStream, ...longCalls } });
  await using gateway = await startGateway(
    `general_settings: { pass_through_endpoints: [{ path: /a, target: "${upstream.url}", include_subpath: true }] }`,
  );
  const answered = async (path: string) => {
    const socket = dial(gateway.port);
    socket.write(request(path));
    await new Promise((done) => socket.once("data", done));
    return socket;
  };
  const short = ["/a", "/nowhere", "/health/liveness"];
  const long = Object.keys(longCalls).map((path) => `/a${path}`);
  const idle = await Promise.all([...short, ...long].map(answered));
  const silent = await fetch(`${gateway.url}/a/silent`);
  await Bun.sleep(500); // the last of the streams is over

  const dribbling = [dial(gateway.port), ...(await Promise.all(["/a", "/a/late"].map(answered)))];
  dribbling.forEach(dribble);
  const [cut, left] = await Promise.all(
    [dribbling, idle].map((sockets) => Promise.all(sockets.map(closed))),
  );

  expect(cut?.filter((seconds) => seconds > 30)).toEqual([]);
  expect(left?.filter((seconds) => seconds < 20 || seconds > 30)).toEqual([]);
  expect(await silent.text()).toBe("data: x\n\ndata: [DONE]\n\n");
}, 45_000);
