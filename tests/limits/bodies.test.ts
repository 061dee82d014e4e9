import { afterAll, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { chunked, lastOf, masterKey, post } from "../gateway/wire.ts";
import { type MadeKey, makeKey, spendLogs } from "../helpers/keys.ts";
import { call, dial } from "./crowd.ts";
import { startHouse } from "./house.ts";

const house = await startHouse([
  'path: /any, target: "UP", auth: true',
  'path: /small, target: "UP", auth: true, max_body_size: 1000',
]);
const { gateway, port, upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

const json = "Content-Type: application/json";
const keyed = ({ key }: MadeKey) => `x-api-key: ${key}`;
const asked = JSON.stringify({ model: "m", max_tokens: 900_000 });

test.each<readonly [string, (key: MadeKey) => Uint8Array]>([
  ["of a known length", (key) => post("/any", asked, keyed(key), json)],
  ["in chunks", (key) => chunked("POST /any", [asked], keyed(key), json)],
  ["of another type", (key) => post("/any", asked, keyed(key), "Content-Type: text/plain")],
  ["encoded", (key) => post("/any", gzipSync(asked), keyed(key), json, "Content-Encoding: gzip")],
  ["broken", (key) => post("/any", "{", keyed(key), json)],
  ["endless", (key) => chunked("POST /any", ["x".repeat(1_100_000)], keyed(key))],
])("tokens are counted of a body that is %s", async (_, request) => {
  const key = await makeKey(gateway, { tpm_limit: 20_000 });

  expect(await call(port, request(key))).toMatchObject({ status: 429, type: "rate_limited" });
});

test("a long body without a length goes up as it came, whatever its chunks", async () => {
  const key = await makeKey(gateway, { tpm_limit: 5_000_000 });
  const bytes = Buffer.from(
    Array.from({ length: 3_000_000 }, (_, index) => index * 31 + (index >> 8)),
  );
  const chunks = [
    bytes.subarray(0, 1),
    bytes.subarray(1, 1_048_575),
    bytes.subarray(1_048_575, 1_048_578),
    bytes.subarray(1_048_578),
  ];

  const { status } = await call(port, chunked("POST /any", chunks, keyed(key)));

  expect(status).toBe(200);
  expect((await lastOf(upstream)).body().equals(bytes)).toBe(true);
  const [row] = await spendLogs(gateway, { api_key: key.id });
  expect(row?.bytes_in).toBe(bytes.length);
});

test("and is held to the route's largest size", async () => {
  const key = await makeKey(gateway, { tpm_limit: 5_000_000 });
  const of = (bytes: number) =>
    call(port, chunked("POST /small", ["x".repeat(bytes - 1), "x"], keyed(key)));

  expect(await of(1_000)).toMatchObject({ status: 200 });
  expect(await of(1_001)).toMatchObject({ status: 413, type: "body_too_large" });
});

test("who leaves in the middle of a body without a length has sent nothing on", async () => {
  const key = await makeKey(gateway, { tpm_limit: 5_000 });
  const before = upstream.requests.length;
  const whole = chunked("POST /any", ['{"max_tokens":1}'], keyed(key), json);

  const socket = await dial(port);
  socket.write(whole.subarray(0, -5));
  await Bun.sleep(60);
  socket.destroy();
  await Bun.sleep(200);

  expect(upstream.requests.length).toBe(before);
  const [row] = await spendLogs(gateway, { api_key: key.id });
  expect(row?.http_status).toBe(499);
});

test("a refused call's row holds none of what the caller said of it", async () => {
  const key = await makeKey(gateway, { rpm_limit: 1, tags: ["own"] });
  const said = [
    keyed(key),
    json,
    "x-litellm-tags: theirs",
    'x-litellm-spend-logs-metadata: {"canary-meta":1}',
  ];

  expect((await call(port, post("/any", "{}", ...said))).status).toBe(200);
  expect((await call(port, post("/any", "{}", ...said))).status).toBe(429);

  await spendLogs(gateway, { api_key: key.id });
  const reply = await fetch(`${gateway.url}/spend/logs/v2?api_key=${key.id}`, {
    headers: { authorization: `Bearer ${masterKey}` },
  });
  const text = await reply.text();
  expect(text.split("canary-meta").length - 1).toBe(1);
  expect(text.split("theirs").length - 1).toBe(1);
});
