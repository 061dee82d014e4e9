import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { type LogLine, startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { reply, startRawUpstream } from "../helpers/raw-upstream.ts";
import { bareEnvironment, freePort, program, temporaryFolder, until } from "./program.ts";

const config = (target: string) => `general_settings:
  pass_through_endpoints:
    - path: /api/public
      target: ${target}/api/public?upstream_secret=s3cret-target
      include_subpath: true
      forward_headers: true
      headers: { x-api-key: s3cret-route }
    - { path: /gone, target: "http://127.0.0.1:9" }
`;

const ingestion = [
  "POST /api/public/ingestion?token=s3cret-query HTTP/1.1",
  "Host: localhost",
  "X-Client-Header: s3cret-client",
  "Cookie: s3cret-cookie",
  "Content-Length: 4",
  "",
  "abcd",
].join("\r\n");

const upstreamReply = () =>
  reply(207, ["Content-Type: application/json", "X-Reply-Header: s3cret-reply"], '{"ok":true}');

const isCall = ({ event }: LogLine) => event === "call";

test("each call is one line: id, route, method, status, durations, bytes, error", async () => {
  using upstream = await startRawUpstream({ fallback: [upstreamReply()] });
  await using gateway = await startGateway(config(upstream.url));

  const answer = await rawRequest(gateway.port, ingestion);
  const line = await gateway.waitForLine(isCall);
  const missing = await rawRequest(gateway.port, "GET /none?a=s3cret HTTP/1.1\r\nHost: h\r\n\r\n");
  const refused = await rawRequest(gateway.port, "GET /gone HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const last = await gateway.waitForLine(({ error }) => error === "upstream_unreachable");

  expect(line).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    level: "info",
    event: "call",
    id: answer.values("x-litellm-call-id")[0],
    route: expect.any(String),
    key: null,
    method: "POST",
    status: 207,
    first_byte_ms: expect.any(Number),
    duration_ms: expect.any(Number),
    overhead_ms: expect.any(Number),
    bytes_in: 4,
    bytes_out: 11,
    model: null,
    tokens_in: null,
    tokens_out: null,
    cost_usd: null,
    unpriced: "no_usage",
    error: null,
  });
  const calls = gateway.lines().filter(isCall);
  expect(calls).toHaveLength(3);
  expect(calls[1]).toMatchObject({
    level: "info",
    status: 404,
    error: "route_not_found",
    route: null,
  });
  expect(last).toMatchObject({ level: "warn", status: 502 });
  expect(calls.map(({ id }) => id)).toEqual(
    [answer, missing, refused].map((each) => each.values("x-litellm-call-id")[0]),
  );
  expect(gateway.stderr()).not.toContain("s3cret");
});

test("--detailed_debug adds the access line, the route and why, and header names both ways", async () => {
  using upstream = await startRawUpstream({ fallback: [upstreamReply()] });
  await using gateway = await startGateway(config(upstream.url), { args: ["--detailed_debug"] });

  await rawRequest(gateway.port, ingestion);
  const access = await gateway.waitForLine(({ event }) => event === "access");
  const matched = await gateway.waitForLine(({ event }) => event === "matched");
  const exchanged = await gateway.waitForLine(({ event }) => event === "exchanged");
  await gateway.waitForLine(isCall);

  expect(access["message"]).toBe(
    '127.0.0.1 - "POST /api/public/ingestion HTTP/1.1" 207 Multi-Status',
  );
  expect(matched).toMatchObject({
    level: "debug",
    route: expect.any(String),
    target: expect.stringContaining(`${upstream.url}/api/public`),
    why: expect.stringContaining("include_subpath"),
    client_headers: expect.arrayContaining(["host", "x-client-header", "cookie"]),
  });
  expect(exchanged).toMatchObject({
    id: matched["id"],
    sent_headers: expect.arrayContaining(["x-api-key", "x-client-header"]),
    reply_headers: expect.arrayContaining(["content-type", "x-reply-header"]),
  });
  expect(gateway.stderr() + gateway.stdout()).not.toContain("s3cret");
});

test("--detailed_debug tells of calls that got no reply too", async () => {
  await using gateway = await startGateway(config("http://127.0.0.1:1"), {
    args: ["--detailed_debug"],
  });
  const accessOf = (text: string) =>
    gateway.waitForLine(
      ({ event, message }) => event === "access" && String(message).includes(text),
    );

  await rawRequest(gateway.port, ingestion);
  await rawRequest(gateway.port, "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n");

  await accessOf('"POST /api/public/ingestion HTTP/1.1" 502 Bad Gateway');
  await accessOf('"GET /nowhere HTTP/1.1" 404 Not Found');
  expect(gateway.lines().filter(({ event }) => event === "matched")).toHaveLength(1);
});

test("--log-level warn leaves out the lines of calls that went well", async () => {
  using upstream = await startRawUpstream();
  using folder = temporaryFolder();
  const port = freePort();
  writeFileSync(folder.file("config.yaml"), config(upstream.url));
  const child = Bun.spawn([...program, "--log-level", "warn", "--port", String(port)], {
    cwd: folder.path,
    env: bareEnvironment,
    stdout: "ignore",
    stderr: "pipe",
  });
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
  await until(async () => (await ask("/api/public"))?.status === 200);

  await ask("/gone");
  child.kill("SIGTERM");
  const log = await new Response(child.stderr).text();

  expect(log).toContain('"error":"upstream_unreachable"');
  expect(log).not.toContain('"level":"info"');
});

test("a line break in a path, a method or a header makes no line of its own", async () => {
  using upstream = await startRawUpstream();
  await using gateway = await startGateway(config(upstream.url), { args: ["--detailed_debug"] });
  const forged = '{"level":"error","event":"forged"}';
  const requests = [
    `GET /api/public/%0A${encodeURIComponent(forged)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    `GET /api/public/\n${forged} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    `G\n${forged} /api/public HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    `GET /api/public HTTP/1.1\r\nHost: localhost\r\nX\n${forged}: 1\r\n\r\n`,
    `GET /api/public/\u001b[31mred\u009b0m HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  ];

  for (const request of requests) await rawRequest(gateway.port, request, { timeoutMs: 500 });
  await gateway.waitForLine(isCall);

  expect(gateway.lines().filter(({ event }) => event === "forged")).toEqual([]);
  const odd = gateway
    .stderr()
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith('{"time":'));
  expect(odd).toEqual([]);
  expect(gateway.stderr()).not.toContain("\u001b");
  expect(gateway.stderr()).not.toContain("\u009b");
});
