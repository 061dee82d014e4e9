import { expect, test } from "bun:test";
import type { Socket } from "node:net";
import { keyInfo, type MadeKey, makeKey, spendLogs } from "../helpers/keys.ts";
import type { Step } from "../helpers/raw-upstream.ts";
import { until } from "../process/program.ts";
import { answerOf, dial, tally, times } from "./crowd.ts";
import { getWith, postWith, startHouse } from "./house.ts";

const long = process.env["TOLLGATE_LONG"] === "1";

/** Head after 20 ms, ten events, the end after 220 ms. */
const stream: readonly Step[] = [
  { wait: 20 },
  { write: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" },
  ...Array.from({ length: 10 }, (): Step[] => [{ wait: 20 }, { write: "data: x\n\n" }]).flat(),
  { end: "close" },
];

/** The first bytes of an upload whose other half comes 80 ms later, if the client is still there then. */
function upload({ key }: MadeKey, bytes: number): readonly [string, string] {
  const head = `POST /u HTTP/1.1\r\nHost: localhost\r\nx-api-key: ${key}\r\nContent-Length: ${bytes}\r\n\r\n`;
  return [head + "x".repeat(bytes / 2), "x".repeat(bytes / 2)];
}

type Leaving = "before the head" | "mid-stream" | "mid-upload";

/** One client that leaves at a moment of that kind, drawn by `random`. */
async function leave(port: number, key: MadeKey, how: Leaving, random: number): Promise<void> {
  const socket = await dial(port);
  socket.on("error", () => {});
  if (how === "mid-upload") socket.write(upload(key, random < 0.5 ? 4_096 : 200_000)[0]);
  else socket.write(getWith(key, "/sse"));
  if (how === "mid-stream") await new Promise((done) => socket.once("data", done));
  await Bun.sleep(random * (how === "mid-stream" ? 90 : 15));
  if (random * 10 - Math.floor(random * 10) < 0.5) socket.destroy();
  else socket.resetAndDestroy();
}

/** One client that stays to the end. */
async function stay(port: number, key: MadeKey, uploads: boolean): Promise<number> {
  const socket = await dial(port);
  const answer = answerOf(socket);
  if (uploads) await send(socket, upload(key, 200_000));
  else socket.write(getWith(key, "/u"));
  const { status } = await answer;
  socket.destroy();
  return status;
}

async function send(socket: Socket, [first, second]: readonly [string, string]): Promise<void> {
  socket.write(first);
  await Bun.sleep(80);
  socket.write(second);
}

const routes = [
  'path: /u, target: "UP/u", auth: true, cost_per_request: 0.001',
  'path: /sse, target: "UP/sse", auth: true, cost_per_request: 0.001',
];
const upstream = { scripts: { "/sse": stream } };
const kinds: readonly Leaving[] = ["before the head", "mid-stream", "mid-upload"];

test("half of the clients leave at random: one row a call, and nothing stays on hold or under way", async () => {
  await using house = await startHouse(routes, { upstream });
  const { gateway, port } = house;
  const parallel = 400;
  const key = await makeKey(gateway, { max_budget: 5, max_parallel_requests: parallel });

  const leaving = Array.from({ length: 150 }, (_, n) =>
    leave(port, key, kinds[n % 3] ?? "mid-stream", Math.random()),
  );
  const staying = Array.from({ length: 150 }, (_, n) => stay(port, key, n % 2 === 0));
  await Promise.all(leaving);
  expect(new Set(await Promise.all(staying))).toEqual(new Set([200]));

  await until(async () => (await keyInfo(gateway, key.id)).held === 0, 2_000);
  const rows = await spendLogs(gateway, { api_key: key.id });
  expect(rows.length).toBe(300);
  expect(new Set(rows.map(({ request_id }) => request_id)).size).toBe(300);
  const codes = rows.map(({ metadata }) => metadata.error_information?.error_class ?? "");
  expect(new Set(codes)).toEqual(new Set(["", "client_closed"]));
  expect(codes.filter((code) => code === "client_closed").length).toBe(150);
  expect(rows.filter(({ estimated, spend }) => estimated || spend === null)).toEqual([]);
  const paid = rows.filter(({ spend }) => spend === 0.001).length;
  expect(paid).toBeGreaterThanOrEqual(200); // who left mid-stream had a reply
  const nano = rows.reduce((sum, { spend }) => sum + Math.round((spend ?? 0) * 1e9), 0);
  expect(await keyInfo(gateway, key.id)).toMatchObject({ spend: nano / 1e9, held: 0 });

  const after = await times(port, parallel + 50, getWith(key, "/sse"));
  expect(tally(after)).toEqual({ "200": parallel, "429 parallel_limited": 50 });
}, 20_000);

test("who leaves before the reply pays all the same: three slots are three calls", async () => {
  await using house = await startHouse(routes, { upstream });
  const { gateway, port } = house;
  const key = await makeKey(gateway, { max_budget: 0.003 });

  for (let sent = 1; sent <= 3; sent++) {
    const socket = await dial(port);
    socket.write(getWith(key, "/sse"));
    await until(() => house.hits() === sent);
    socket.destroy();
    await until(async () => (await keyInfo(gateway, key.id)).held === 0, 2_000);
  }

  expect(tally(await times(port, 20, getWith(key, "/u")))).toEqual({ "429 budget_exceeded": 20 });
  expect(await keyInfo(gateway, key.id)).toMatchObject({ spend: 0.003, held: 0 });
});

test(`${long ? "10,000" : "500"} calls that are left free their places among max_parallel_requests`, async () => {
  await using house = await startHouse(routes, { upstream });
  const { gateway, port } = house;
  const key = await makeKey(gateway, { max_parallel_requests: 100 });

  for (let round = 0; round < (long ? 100 : 5); round++) {
    const some = Array.from({ length: 100 }, (_, n) =>
      leave(port, key, kinds[n % 3] ?? "mid-stream", Math.random()),
    );
    await Promise.all(some);
  }

  await until(async () => {
    const answers = await times(port, 101, postWith(key, "/sse", {}));
    return answers.filter(({ status }) => status === 200).length === 100;
  }, 2_000);
  const answers = await times(port, 120, getWith(key, "/sse"));
  expect(tally(answers)).toEqual({ "200": 100, "429 parallel_limited": 20 });
}, 120_000);

test("a header that names the call stands for nothing: 100 calls with the same one are 100 rows", async () => {
  await using house = await startHouse(routes, { upstream });
  const { gateway, port } = house;
  const key = await makeKey(gateway);
  const id = "0199a0a0-0000-7000-8000-000000000001";
  const names = ["x-request-id", "idempotency-key", "x-litellm-call-id"];

  const answers = await times(
    port,
    100,
    getWith(key, "/u", ...names.map((name) => `${name}: ${id}`)),
  );

  const rows = await spendLogs(gateway, { api_key: key.id });
  const ids = new Set(rows.map(({ request_id }) => request_id));
  expect([answers.length, rows.length, ids.size, ids.has(id)]).toEqual([100, 100, 100, false]);
  expect(ids).toEqual(new Set(answers.map(({ headers }) => headers["x-litellm-call-id"] ?? "")));
  expect((await keyInfo(gateway, key.id)).spend).toBe(0.1);
});
