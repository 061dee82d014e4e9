import { expect, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { startGateway } from "../helpers/gateway.ts";
import { startRawUpstream, type Step } from "../helpers/raw-upstream.ts";

/** Seconds until the other side closed the connection. */
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

/** An event stream that stays silent longer than a connection may idle. */
const silentStream: Step[] = [
  { write: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: x\n\n" },
  { wait: 31_000 },
  { write: "data: [DONE]\n\n" },
  { end: "close" },
];

test("heads that dribble are cut within 30 s; idle connections live 20 s and more, silent streams on", async () => {
  using upstream = await startRawUpstream({ scripts: { "/silent": silentStream } });
  await using gateway = await startGateway(
    `general_settings: { pass_through_endpoints: [{ path: /a, target: "${upstream.url}", include_subpath: true }] }`,
  );
  const answered = async (path: string) => {
    const socket = dial(gateway.port);
    socket.write(request(path));
    await new Promise((done) => socket.once("data", done));
    return socket;
  };
  const first = dial(gateway.port);
  const [whole, refusal, health, stopped] = await Promise.all(
    ["/a", "/nowhere", "/health/liveness", "/a"].map(answered),
  );
  const silent = await fetch(`${gateway.url}/a/silent`);

  dribble(first);
  if (stopped) setTimeout(() => dribble(stopped), 1_000);
  const seconds = await Promise.all(
    [first, stopped, whole, refusal, health].map((socket) => (socket ? closed(socket) : 0)),
  );
  const text = await silent.text();

  expect(seconds.filter((each) => each > 30)).toEqual([]);
  expect(seconds.slice(2).filter((each) => each < 20)).toEqual([]);
  expect(text).toBe("data: x\n\ndata: [DONE]\n\n");
}, 45_000);
