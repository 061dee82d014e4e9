import { afterAll, describe, expect, test } from "bun:test";
import { createServer, type Socket } from "node:net";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { reply, type Step, startRawUpstream } from "../helpers/raw-upstream.ts";
import { connectLive, residentBytes, until } from "./live-client.ts";
import { config, get, post, request } from "./wire.ts";

const upstream = await startRawUpstream({ early: true, keep: 1024 * 1024 });
const flood = await startFlood();
const gateway = await startGateway(
  config([
    `path: /s, target: "${upstream.url}/s", auth: false, include_subpath: true`,
    `path: /flood, target: "http://127.0.0.1:${flood.port}/", auth: false`,
  ]),
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
  flood[Symbol.dispose]();
});

const eventHead =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

const chunk = (text: string) => `${Buffer.byteLength(text, "latin1").toString(16)}\r\n${text}\r\n`;

describe("event streams", () => {
  test("every event arrives as it is sent, long before the next one", async () => {
    const writtenAt: number[] = [];
    const note: Step = { call: () => void writtenAt.push(performance.now()) };
    const events = [1, 2, 3, 4, 5].map((n) => `event: e${n}\r\ndata: {"n": ${n}}\r\n\r\n`);
    upstream.scripts.set("/s/events", [
      { write: eventHead },
      ...events.flatMap((each): Step[] => [{ wait: 200 }, note, { write: chunk(each) }]),
      { write: "0\r\n\r\n" },
    ]);

    using client = await connectLive(gateway.port);
    await client.write(get("/s/events"));
    await client.waitFor("0\r\n\r\n");

    const lateMs = events.map(
      (each, n) => (client.arrivedAt(each) ?? Infinity) - (writtenAt[n] ?? 0),
    );
    expect(lateMs.filter((ms) => ms < 100)).toEqual(lateMs); // before the next event, 200 ms later, by far
    expect(lateMs.toSorted((a, b) => a - b)[2]).toBeLessThan(20);
  });

  test("bytes come down equal, wherever the upstream cut them", async () => {
    const text = `: comment\r\n\ndata: caf\xc3\xa9 \xff\x00\r\rid:1\ndata:[DONE]\n\n`;
    const cut = [...text].map((each) => chunk(each));
    upstream.scripts.set("/s/bytes", [
      { write: eventHead },
      ...cut.flatMap((each, n): Step[] => [{ wait: n % 10 === 0 ? 1 : 0 }, { write: each }]),
      { write: "0\r\n\r\n" },
    ]);

    const answered = await rawRequest(gateway.port, get("/s/bytes"));

    expect(answered.complete).toBe(true);
    expect(answered.body.toString("latin1")).toBe(text);
  });

  test("header lines come down at once, the head's end with the first byte (deviation)", async () => {
    upstream.scripts.set("/s/head", [
      { write: eventHead.replace("\r\n\r\n", "\r\nX-A: 1\r\n\r\n") },
      { wait: 600 },
      { write: `${chunk("data: 1\n\n")}0\r\n\r\n` },
    ]);

    using client = await connectLive(gateway.port);
    await client.write(get("/s/head"));
    await client.waitFor("data: 1");

    const [line = 0, end = 0, first = 0] = ["X-A: 1", "\r\n\r\n", "data: 1"]
      .map((text) => client.arrivedAt(text))
      .map(Number);
    expect(end - line).toBeGreaterThan(300); // every streamed Response of the runtime does so
    expect(first - end).toBeLessThan(100);
  });

  test.each([
    ["an event stream of known length", "Content-Type: text/event-stream\r\nContent-Length: 20"],
    ["another type, chunked", "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked"],
    ["a reply that ends with its connection", "Content-Type: audio/mpeg"],
    ["a long reply of known length", "Content-Type: video/mp4\r\nContent-Length: 100010"],
    ["a small length beside chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked"],
    ["a length said twice", "Content-Length: 100010\r\nContent-Length: 100010"],
  ])("the first byte of %s is not held back", async (_, lines) => {
    const inChunks = lines.includes("chunked");
    const piece = (text: string) => (inChunks ? chunk(text) : text);
    const rest = lines.includes("100010") ? "y".repeat(100_000) : "y".repeat(10);
    const sentAt: number[] = [];
    upstream.scripts.set("/s/first", [
      { write: `HTTP/1.1 200 OK\r\n${lines}\r\n\r\n${piece("x".repeat(10))}` },
      { wait: 400 },
      { call: () => void sentAt.push(performance.now()) },
      { write: piece(rest) },
      { write: inChunks ? "0\r\n\r\n" : "" },
      { end: "close" },
    ]);

    using client = await connectLive(gateway.port);
    await client.write(get("/s/first"));
    await client.waitFor("yyyyyyyyyy");

    expect(client.arrivedAt("xxxxxxxxxx") ?? Infinity).toBeLessThan((sentAt[0] ?? 0) - 200);
  });
});

describe("uploads", () => {
  test("go up as they come", async () => {
    upstream.scripts.set("/s/up", [{ read: "body" }, reply(200, [])]);
    using client = await connectLive(gateway.port);

    await client.write(request("POST /s/up", ["Content-Length: 200000"], "x".repeat(100_000)));
    const up = await upstream.waitFor((each) => each.target === "/s/up");
    await until(() => (up.bodySize() === 100_000 ? true : null));
    expect(up.ended()).toBe("open");
    await client.write("y".repeat(100_000));
    await client.waitFor("\r\n\r\n");

    expect(client.received().toString()).toStartWith("HTTP/1.1 200");
    expect(up.bodySize()).toBe(200_000);
  });

  test("an upstream may answer before it has read all", async () => {
    upstream.scripts.set("/s/early", [
      { read: "pause" },
      reply(413, [], "too much"),
      { end: "close" },
    ]);

    const answered = await rawRequest(gateway.port, post("/s/early", "x".repeat(3_000_000)));

    expect(answered.status).toBe(413);
    expect(answered.body.toString()).toBe("too much");
  });
});

const MiB = 1024 * 1024;

describe("back-pressure", () => {
  test("a reader that has stopped stops the upstream, and not in the gateway's memory", async () => {
    using client = await connectLive(gateway.port);
    await client.write(get("/flood"));
    await client.waitFor("\r\n\r\n");
    client.pause();
    const before = residentBytes(gateway.pid);

    const written = await settled(flood.written);

    expect(written).toBeLessThan(40 * MiB);
    expect(residentBytes(gateway.pid) - before).toBeLessThan(48 * MiB);

    client.resume();
    await until(() => (flood.written() > written + 40 * MiB ? true : null));
  });

  test("an upstream that has stopped reading stops the client, and not in the gateway's memory", async () => {
    upstream.scripts.set("/s/stuck", [{ read: "pause" }, { end: "hang" }]);
    using client = await connectLive(gateway.port);
    await client.write(request("POST /s/stuck", [`Content-Length: ${1000 * MiB}`]));
    const before = residentBytes(gateway.pid);
    let taken = 0;
    const block = Buffer.alloc(MiB);
    const upload = async () => {
      while (taken < 400 * MiB) {
        await client.write(block);
        taken += MiB;
      }
    };

    void upload();
    await upstream.waitFor((each) => each.target === "/s/stuck");
    const reached = await settled(() => taken);

    expect(reached).toBeLessThan(60 * MiB);
    expect(residentBytes(gateway.pid) - before).toBeLessThan(64 * MiB);
  });
});

/** The value once it has not grown for a while. */
async function settled(value: () => number): Promise<number> {
  for (let last = -1; last !== value(); await Bun.sleep(300)) last = value();
  return value();
}

/** An upstream whose reply has no end, and that counts what it could write. */
async function startFlood() {
  const block = Buffer.alloc(64 * 1024, "z");
  const sockets = new Set<Socket>();
  let written = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    const pour = () => {
      while (!socket.destroyed) {
        const roomLeft = socket.write(block);
        written += block.length;
        if (!roomLeft) return;
      }
    };
    socket.once("data", () => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n");
      socket.on("drain", pour);
      pour();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    written: () => written,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
