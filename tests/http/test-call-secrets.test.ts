import { afterAll, expect, test } from "bun:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { startGateway } from "../helpers/gateway.ts";
import { type Step, startRawUpstream } from "../helpers/raw-upstream.ts";
import { config, lastOf, masterKey } from "../gateway/wire.ts";
import { base, startHouse } from "./endpoints-house.ts";
import { tryCall, valueOf } from "./trial.ts";

/** Values that no line of a trial may hold. */
const canaries = {
  header: "canary-of-a-header-0123456789",
  query: "canary-of-a-query-0123456789",
  path: "canary-of-a-path-0123456789",
  odd: 'canary "with" odd/characters+0123',
  short: "short-one",
};
const secrets = [...Object.values(canaries), masterKey];

const upstream = await startRawUpstream();
const gateway = await startGateway(
  config(
    [
      `path: /x, target: "${upstream.url}/up/os.environ/{IN_PATH}/e?key=os.environ/{IN_QUERY}&tenant=os.environ/SHORT", auth: false, include_subpath: true, headers: { Authorization: "Bearer os.environ/IN_HEADER", X-Odd: os.environ/ODD }`,
    ],
    `master_key: ${masterKey}`,
  ),
  {
    env: {
      IN_HEADER: canaries.header,
      IN_QUERY: canaries.query,
      IN_PATH: canaries.path,
      ODD: canaries.odd,
      SHORT: canaries.short,
    },
  },
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

const answered = (...steps: readonly Step[]) =>
  upstream.scripts.set(`/up/${canaries.path}/e/echo`, steps);

const body = (bytes: Uint8Array, ...headers: readonly string[]): Step[] => [
  {
    write: ["HTTP/1.1 200 OK", ...headers, `Content-Length: ${bytes.length}`, "", ""].join("\r\n"),
  },
  { write: bytes },
];

const echo = Buffer.from(
  JSON.stringify({
    authorization: `Bearer ${canaries.header}`,
    odd: canaries.odd,
    url: `/up/${canaries.path}/e?key=${canaries.query}&odd=${encodeURIComponent(canaries.odd)}`,
    master: masterKey,
    plain: "what is no secret stays",
  }),
);

const trial = () => tryCall(gateway.url, { path: "/x/echo?token=told&a=1" });

function expectNoSecret({ text, body: shown }: { text: string; body: Buffer }) {
  for (const secret of secrets) {
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) {
      expect(text).not.toContain(form);
      expect(shown.toString()).not.toContain(form);
    }
  }
}

test("what is sent is told without its secrets, and they were sent", async () => {
  answered(...body(Buffer.from("{}"), `X-Echo: ${canaries.header}`, "Set-Cookie: a=b"));

  const seen = await trial();

  expectNoSecret(seen);
  const request = await lastOf(upstream);
  expect(request.headerLines.join("\n")).toContain(canaries.header);
  expect(request.target).toContain(canaries.query);
  expect(request.target).toContain(canaries.short);
  expect(seen.sent?.url).toContain("os.environ/{IN_PATH}/e/echo?");
  expect(seen.sent?.client.path).toBe("/x/echo?token=[redacted]&a=1");
  expect(valueOf(seen.sent?.headers ?? [], "authorization")).toBe("[redacted]");
  expect(valueOf(seen.head.headers, "set-cookie")).toBe("[redacted]");
});

test("an upstream that echoes its request shows no secret, and everything else as it is", async () => {
  answered(...body(echo, "Content-Type: application/json"));

  const seen = await trial();

  expectNoSecret(seen);
  expect(seen.body.length).toBe(echo.length);
  expect(seen.body.toString()).toContain("what is no secret stays");
});

test("wherever the reply is cut", async () => {
  const head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  const pieces = Array.from({ length: Math.ceil(echo.length / 7) }, (_, index) =>
    echo.subarray(index * 7, index * 7 + 7),
  );
  answered(
    { write: head },
    ...pieces.flatMap((piece): Step[] => [
      { write: Buffer.concat([Buffer.from(`${piece.length}\r\n`), piece, Buffer.from("\r\n")]) },
      { wait: 1 },
    ]),
    { write: "0\r\n\r\n" },
  );

  const seen = await trial();

  expectNoSecret(seen);
  expect(seen.body.length).toBe(echo.length);
});

test("a coded reply is shown decoded, without its secrets; its bytes are counted as they came", async () => {
  for (const [coding, bytes] of [
    ["gzip", gzipSync(echo)],
    ["br", brotliCompressSync(echo)],
  ] as const) {
    answered(...body(bytes, `Content-Encoding: ${coding}`));
    const seen = await trial();
    expectNoSecret(seen);
    expect([seen.head.decoded, seen.body.length, seen.end.bytes]).toEqual([
      true,
      echo.length,
      bytes.length,
    ]);
  }
});

test("what cannot be decoded is not shown", async () => {
  answered(...body(echo, "Content-Encoding: x-odd"));
  const odd = await trial();
  answered(...body(Buffer.from("this is no gzip at all"), "Content-Encoding: gzip"));
  const broken = await trial();

  expectNoSecret(odd);
  expect([odd.body.length, odd.cut?.bytes, odd.end.bytes]).toEqual([0, 0, echo.length]);
  expect([broken.body.length, broken.cut?.bytes, broken.end.error]).toEqual([0, 0, null]);
});

test("a bomb is given up, and the call is not", async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  answered(...body(bomb, "Content-Encoding: gzip"));

  const seen = await trial();

  expect(seen.body.length).toBeLessThanOrEqual(8 * 1024 * 1024);
  expect(seen.cut).not.toBeNull();
  expect([seen.end.status, seen.end.bytes]).toEqual([200, bomb.length]);
});

test("a header that is masked where endpoints are shown is masked here too, whatever it is called", async () => {
  await using house = await startHouse();
  const secret = "canary-of-a-plain-name-0123";
  const made = await house.ask(["POST", base], {
    path: "/told",
    target: "tollgate://sample",
    headers: { "x-subscription": secret },
  });

  const { text, body: shown } = await tryCall(house.gateway.url, {
    path: "/told",
    key: { kind: "master" },
  });

  expect(made.status).toBe(200);
  expect(shown.toString()).toContain("x-subscription"); // the sample tells what it got
  expect(made.text + text + shown.toString()).not.toContain(secret);
});
