import { expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import {
  type RecordedRequest,
  reply,
  type Step,
  startRawUpstream,
} from "../helpers/raw-upstream.ts";
import { connectLive, until } from "./live-client.ts";
import { chunked, config, masterKey, post, sent } from "./wire.ts";

const calls = process.env["TOLLGATE_LONG"] === "1" ? 20_000 : 1_500;
const atOnce = 50;

/** The request back as its reply: small or large, whole, chunked, or broken off after half, as it asks. */
function echo(request: RecordedRequest): readonly Step[] {
  const body = request.body().toString("latin1");
  const how = sent(request, "x-how")[0];
  const name = `X-Name: ${sent(request, "x-name")[0]}`;
  if (how === "hang") return [{ end: "hang" }];
  if (how === "break") {
    const head = `HTTP/1.1 200 OK\r\n${name}\r\nContent-Length: ${body.length + 90_000}\r\n\r\n`;
    return [{ write: head + body }, { wait: 50 }, { end: "reset" }];
  }
  if (how === "length") return [reply(200, [name], body)];
  const half = body.length >> 1;
  const chunk = (text: string) => (text === "" ? "" : `${text.length.toString(16)}\r\n${text}\r\n`);
  return [
    { write: `HTTP/1.1 200 OK\r\n${name}\r\nTransfer-Encoding: chunked\r\n\r\n` },
    { write: chunk(body.slice(0, half)) },
    { wait: 1 },
    { write: `${chunk(body.slice(half))}0\r\n\r\n` },
  ];
}

/** The n-th call: sizes around every border, all ways to upload and to answer in turn. */
function nth(n: number) {
  const name = `call-${n}`;
  const size = [0, 10, 1_000, 65_536, 65_537, 150_000][n % 6] ?? 0;
  const body = `${name} `.repeat(Math.ceil(size / (name.length + 1))).slice(0, size);
  const how =
    ["length", "chunks", "length", "hang", "chunks", "break", "length"][n % 7] ?? "length";
  const lines = [`X-Name: ${name}`, `X-How: ${how}`];
  const bytes =
    n % 4 === 0
      ? chunked("POST /echo", [body.slice(0, 100), body.slice(100)].filter(Boolean), ...lines)
      : post("/echo", body, ...lines);
  return { name, body, how, bytes };
}

test(`${calls} calls at once do not mix, while some break off, time out, or are left`, async () => {
  using upstream = await startRawUpstream({ fallback: echo });
  await using gateway = await startGateway(
    config(
      [
        `path: /echo, target: "${upstream.url}/", auth: false, forward_headers: true, timeout: 0.5, include_subpath: true`,
      ],
      `master_key: ${masterKey}`,
    ),
  );
  const faults: string[] = [];

  async function call(n: number) {
    const { name, body, how, bytes } = nth(n);
    if (how === "hang" && n % 2 === 0) return leave(bytes);
    const answered = await rawRequest(gateway.port, bytes, { timeoutMs: 10_000 });
    const status = how === "hang" ? 504 : 200;
    if (how === "break" && answered.status === 0) return; // cut within its head
    if (answered.status !== status) faults.push(`${name} ${how}: ${answered.status}`);
    if (status !== 200) return;
    if (answered.values("x-name")[0] !== name) faults.push(`${name} got another's headers`);
    const got = answered.body.toString("latin1");
    if (how === "break" ? !body.startsWith(got) || answered.complete : got !== body) {
      faults.push(`${name} ${how}: ${got.length} of ${body.length} bytes, ${answered.ended}`);
    }
  }

  async function leave(bytes: Buffer) {
    using client = await connectLive(gateway.port);
    await client.write(bytes);
    await Bun.sleep(10);
    client.leave("reset");
  }

  let next = 0;
  const worker = async () => {
    while (next < calls) await call(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));

  expect(faults).toEqual([]);
  const uncaught = gateway.lines().filter(({ level }) => level === "error");
  expect(uncaught).toEqual([]);
  await until(() =>
    gateway.lines().filter(({ event }) => event === "call").length === calls ? true : null,
  );
  const ids = gateway.lines().flatMap(({ event, id }) => (event === "call" ? [id] : []));
  expect(new Set(ids).size).toBe(calls);
}, 300_000);
