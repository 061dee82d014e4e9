import { afterAll, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { spendLogs } from "../helpers/keys.ts";
import { reply, startRawUpstream, type Step } from "../helpers/raw-upstream.ts";
import { config, lastOf, masterKey, sent } from "../gateway/wire.ts";
import { until } from "../process/program.ts";
import { ask, eventsIn, tryCall, valueOf } from "./trial.ts";

const upstream = await startRawUpstream({ keep: 64 * 1024 });
const gateway = await startGateway(
  config(
    [
      `path: /x, target: "${upstream.url}/up", auth: true, include_subpath: true, cost_per_request: 0.25`,
      `path: /all, target: "${upstream.url}/all", auth: true, include_subpath: true, forward_headers: true`,
      `path: /chat, target: "${upstream.url}/v1", auth: true, include_subpath: true, request_stream_usage: true, provider: openai`,
      `path: /gone, target: "http://127.0.0.1:1/", auth: true`,
      `path: /, target: "${upstream.url}/root", auth: true, include_subpath: true`,
    ],
    `master_key: ${masterKey}`,
  ),
);
const { url } = gateway;
const master = { kind: "master" };

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

test("a call goes the way of every call, and all about it is told", async () => {
  upstream.scripts.set("/up/v1/y", [
    reply(201, ["Content-Type: application/json", "X-Request-Id: r1"], '{"ok":true}'),
  ]);

  const {
    reply: outer,
    types,
    sent: out,
    head,
    body,
    end,
  } = await tryCall(
    url,
    { path: "/x/v1/y?a=1&a=2", headers: [["Content-Type", "text/x"]], key: master },
    { body: "hello" },
  );

  expect(types).toEqual(["sent", "head", "chunk", "end"]);
  expect(outer.headers.get("content-type")).toBe("application/x-ndjson");
  expect(outer.headers.get("cache-control")).toBe("no-store");
  expect(out).toMatchObject({
    route: "/x",
    url: `${upstream.url}/up/v1/y?a=1&a=2`,
    method: "POST",
    client: { method: "POST", path: "/x/v1/y?a=1&a=2" },
    body_changed: false,
  });
  expect(valueOf(out?.headers ?? [], "content-type")).toBe("text/x");
  expect(valueOf(head.headers, "x-request-id")).toBe("r1");
  expect(valueOf(head.headers, "x-litellm-call-id")).toBe(out?.call_id ?? "");
  expect([head.status, body.toString(), head.decoded]).toEqual([201, '{"ok":true}', false]);
  expect(end).toMatchObject({
    call_id: out?.call_id ?? "",
    status: 201,
    bytes: 11,
    cost_usd: 0.25,
    unpriced: null,
    error: null,
  });
  const request = await lastOf(upstream);
  expect([request.requestLine, request.body().toString()]).toEqual([
    "POST /up/v1/y?a=1&a=2 HTTP/1.1",
    "hello",
  ]);
  expect(sent(request, "authorization")).toEqual([]);
});

test("its row is a row like any other, and says what was told", async () => {
  const { end } = await tryCall(url, { path: "/x/row", key: master }, { body: "abc" });

  const [row, ...others] = await spendLogs(gateway, { request_id: end.call_id });
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    route: "/x",
    method: "POST",
    http_status: end.status,
    spend: 0.25,
    bytes_in: 3,
    api_key: "master",
    request_tags: ["tollgate-test"],
    bytes_out: end.bytes,
    overhead_ms: end.timings.gateway_ms,
    request_duration_ms: end.timings.total_ms,
  });
  const { gateway_ms, upstream_first_byte_ms, first_byte_ms } = end.timings;
  expect((gateway_ms ?? 0) + (upstream_first_byte_ms ?? 0)).toBeCloseTo(first_byte_ms ?? -1, 2);
});

test("the caller's own tags stay, and ours is left out where that is asked for", async () => {
  const headers = [["x-litellm-tags", "mine"]] as const;
  const both = await tryCall(url, { path: "/x/t", key: master, headers });
  const own = await tryCall(url, { path: "/x/t", key: master, headers, tag: false });

  const tagsOf = async (id: string) => await spendLogs(gateway, { request_id: id });
  expect(await tagsOf(both.end.call_id)).toMatchObject([
    { request_tags: ["mine", "tollgate-test"] },
  ]);
  expect(await tagsOf(own.end.call_id)).toMatchObject([{ request_tags: ["mine"] }]);
});

test("a stream is shown as it flows, each piece before the next one comes", async () => {
  const head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  const event = (n: number): Step[] => [{ write: `9\r\ndata: ${n}\n\n\r\n` }, { wait: 200 }];
  upstream.scripts.set("/up/flow", [
    { wait: 100 },
    { write: head },
    ...[1, 2, 3].flatMap(event),
    { write: "0\r\n\r\n" },
  ]);

  const reply = await ask(url, { path: "/x/flow", key: master });
  const seen: [type: string, at: number][] = [];
  let rest = "";
  for await (const bytes of reply.body ?? []) {
    rest += Buffer.from(bytes).toString();
    const end = rest.lastIndexOf("\n") + 1;
    for (const { type } of eventsIn(rest.slice(0, end))) seen.push([type, performance.now()]);
    rest = rest.slice(end);
  }

  expect(seen.map(([type]) => type)).toEqual(["sent", "head", "chunk", "chunk", "chunk", "end"]);
  const gaps = seen.slice(1).map(([, at], index) => at - (seen[index]?.[1] ?? 0));
  expect(gaps[0]).toBeGreaterThan(60); // what was sent is told while the upstream thinks
  expect(Math.min(...gaps.slice(2))).toBeGreaterThan(100);
});

test("a reply beyond what is shown is counted, not shown", async () => {
  const mebibyte = 1024 * 1024;
  const piece = Buffer.alloc(mebibyte, "y");
  upstream.scripts.set("/up/large", [
    { write: `HTTP/1.1 200 OK\r\nContent-Length: ${9 * mebibyte}\r\n\r\n` },
    ...Array.from({ length: 9 }, () => ({ write: piece })),
  ]);

  const { body, cut, end, types } = await tryCall(url, { path: "/x/large", key: master });

  expect([body.length, cut?.bytes, end.bytes]).toEqual([8 * mebibyte, 8 * mebibyte, 9 * mebibyte]);
  expect(types.slice(-2)).toEqual(["cut", "end"]);
});

test("a large upload streams through, of a length that is said or not", async () => {
  const size = 24 * 1024 * 1024;
  const bytes = new Uint8Array(size).fill(120);
  const pieces = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < size; at += 1024 * 1024) {
        controller.enqueue(bytes.subarray(at, at + 1024 * 1024));
      }
      controller.close();
    },
  });

  const said = await tryCall(url, { path: "/x/up", key: master }, { body: bytes });
  const first = await lastOf(upstream);
  const unsaid = await tryCall(url, { path: "/x/up", key: master }, { body: pieces });
  const second = await lastOf(upstream);

  expect([said.end.status, unsaid.end.status]).toEqual([200, 200]);
  expect([first.bodySize(), second.bodySize()]).toEqual([size, size]);
  expect([sent(first, "content-length"), sent(second, "transfer-encoding")]).toEqual([
    [String(size)],
    ["chunked"],
  ]);
});

test("a body that the gateway changed is shown as it was sent", async () => {
  const body = '{"model":"m","stream":true}';

  const { sent: out } = await tryCall(
    url,
    {
      path: "/chat/chat/completions",
      key: master,
      headers: [["content-type", "application/json"]],
    },
    { body },
  );

  expect(out?.body_changed).toBe(true);
  expect(out?.changed_body).toBe((await lastOf(upstream)).body().toString());
  expect(JSON.parse(out?.changed_body ?? "")).toMatchObject({
    stream_options: { include_usage: true },
  });
});

test("an upstream that cannot be reached, and a route that is not there, are answers of ours", async () => {
  const gone = await tryCall(url, { path: "/gone", key: master });
  upstream.scripts.set("/up/broken", [
    { write: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc" },
    { wait: 50 },
    { end: "reset" },
  ]);
  const cut = await tryCall(url, { path: "/x/broken", key: master });

  expect(gone.types).toEqual(["sent", "head", "chunk", "end"]);
  expect([gone.head.status, gone.end.error?.code, gone.end.cost_usd]).toEqual([
    502,
    "upstream_unreachable",
    0,
  ]);
  expect([cut.end.error?.code, cut.end.status]).toEqual([
    "stream_broken",
    cut.head.status === 200 ? 200 : 502,
  ]);
});

test.each(["/key/list", "/ui/test", "/ui", "/ui/routes", "/config/reload", "/spend/logs/ui/abc"])(
  "the admin API is not reached through it, though a route takes every path: %s",
  async (path) => {
    const before = upstream.requests.length;

    const reply = await ask(url, { path, key: master });

    expect([reply.status, upstream.requests.length]).toEqual([404, before]);
    expect(await reply.text()).toContain("route_not_found");
  },
);

test("whoever leaves ends the call", async () => {
  upstream.scripts.set("/up/slow", [{ end: "hang" }]);
  upstream.scripts.set("/up/endless", [
    { write: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n" },
    { end: "hang" },
  ]);

  for (const [path, seen] of [
    ["/x/slow", '"sent"'],
    ["/x/endless", '"chunk"'],
  ] as const) {
    const leaving = new AbortController();
    const reply = await ask(url, { path, key: master }, { signal: leaving.signal });
    const reader = reply.body?.getReader();
    for (let text = ""; !text.includes(seen);) {
      text += Buffer.from((await reader?.read())?.value ?? []).toString();
    }
    const request = await upstream.waitFor(({ target }) => target === path.replace("/x", "/up"));
    leaving.abort();
    await until(() => request.closedAt() !== null);
  }

  await until(async () => {
    const rows = await spendLogs(gateway, { error_code: "client_closed" });
    return rows.length === 2;
  });
  const backlog = await fetch(`${url}/health/backlog`, {
    headers: { authorization: `Bearer ${masterKey}` },
  });
  expect(await backlog.json()).toMatchObject({ in_flight_requests: 0, uncaught_errors: 0 });
});
