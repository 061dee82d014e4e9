import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { connect, createServer, type Socket } from "node:net";
import { startGateway } from "../helpers/gateway.ts";
import {
  type BodyReader,
  bodyReader,
  framingOf,
  type Head,
  headerValues,
  readHead,
} from "../helpers/http1.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { reply, startRawUpstream } from "../helpers/raw-upstream.ts";
import { makeCertificates } from "./certificates.ts";
import { chunked, config, get, lastOf, post } from "./wire.ts";

const certificates = makeCertificates();
const upstream = await startRawUpstream();
const secure = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  tls: { cert: certificates.valid.cert, key: certificates.valid.key },
  fetch: async (request) => new Response(await request.text()),
});
const proxy = await startProxy();
const nowhere = "http://127.0.0.1:1";
const tls = `tls: { ca: "${certificates.authority.certFile}" }`;
const routes = [
  `path: /direct, target: "${upstream.url}/t", auth: false`,
  `path: /secure-direct, target: "https://localhost:${secure.port}/", auth: false, ${tls}`,
  `path: /proxied, target: "${upstream.url}/t", auth: false, include_subpath: true, headers: { x-api-key: provider }, proxy: "${proxy.url}"`,
  `path: /named, target: "${upstream.url}/t", auth: false, proxy: "http://user:pass%40@127.0.0.1:${proxy.port}"`,
  `path: /secure, target: "https://localhost:${secure.port}/", auth: false, ${tls}, proxy: "${proxy.url}"`,
  `path: /no-proxy, target: "${upstream.url}/t", auth: false, proxy: "${nowhere}"`,
];
const misleading = Object.fromEntries(
  ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].map(
    (name) => [name, nowhere],
  ),
);
const gateway = await startGateway(config(routes), {
  env: { ...misleading, NO_PROXY: "", no_proxy: "" },
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  proxy[Symbol.dispose]();
  upstream[Symbol.dispose]();
  await secure.stop(true);
  certificates[Symbol.dispose]();
});

beforeEach(() => {
  proxy.asked.length = 0;
});

describe("the environment's proxy", () => {
  test("is never used: http", async () => {
    const answered = await rawRequest(gateway.port, post("/direct", "body"));

    expect(answered.status).toBe(200);
    expect((await lastOf(upstream)).target).toBe("/t");
  });

  test("is never used: https", async () => {
    const answered = await rawRequest(gateway.port, post("/secure-direct", "body"));

    expect([answered.status, answered.body.toString()]).toEqual([200, "body"]);
  });

  test("cannot switch a route's own off", async () => {
    await using other = await startGateway(config(routes), {
      env: { NO_PROXY: "*", no_proxy: "127.0.0.1,localhost" },
    });

    const statuses: number[] = [];
    for (const path of ["/proxied", "/secure"]) {
      statuses.push((await rawRequest(other.port, post(path, "body"))).status);
    }

    expect(statuses).toEqual([200, 200]);
    expect(proxy.asked.length).toBe(2);
  });
});

describe("a route's proxy", () => {
  test("is asked for an http target by its whole URL, the call goes up as it would", async () => {
    const answered = await rawRequest(
      gateway.port,
      post("/proxied/a%2Fb?x=1&x=2", "a body", "Content-Type: text/plain"),
    );

    expect(answered.status).toBe(200);
    expect(proxy.asked.map(({ line }) => line)).toEqual([
      `POST ${upstream.url}/t/a%2Fb?x=1&x=2 HTTP/1.1`,
    ]);
    const up = await lastOf(upstream);
    expect(up.target).toBe("/t/a%2Fb?x=1&x=2");
    expect(up.body().toString()).toBe("a body");
    expect(up.headerLines).toContain("x-api-key: provider");
  });

  test("takes uploads of any size", async () => {
    const large = "x".repeat(500_000);

    const known = await rawRequest(gateway.port, post("/proxied/known", large));
    const knownSize = (await lastOf(upstream)).bodySize();
    const streamed = await rawRequest(gateway.port, chunked("POST /proxied/chunks", [large, "y"]));

    expect([known.status, streamed.status]).toEqual([200, 200]);
    expect([knownSize, (await lastOf(upstream)).bodySize()]).toEqual([500_000, 500_001]);
  });

  test("relays redirects and errors as they come", async () => {
    upstream.scripts.set("/t/moved", [reply(302, ["Location: http://other.example/"], "go")]);

    const answered = await rawRequest(gateway.port, get("/proxied/moved"));

    expect(answered.status).toBe(302);
    expect(answered.values("location")).toEqual(["http://other.example/"]);
  });

  test("gets the name and password of its own URL, and the upstream does not", async () => {
    await rawRequest(gateway.port, get("/named"));

    const basic = `Basic ${btoa("user:pass@")}`;
    expect(proxy.asked.map(({ authorization }) => authorization)).toEqual([basic]);
    expect((await lastOf(upstream)).raw().toString()).not.toContain(basic);
    expect(gateway.stderr() + gateway.stdout()).not.toContain("pass%40");
  });

  test("sees of an https target no more than its name", async () => {
    const answered = await rawRequest(gateway.port, post("/secure", "a secret body"));

    expect([answered.status, answered.body.toString()]).toEqual([200, "a secret body"]);
    expect(proxy.asked.map(({ line }) => line)).toEqual([
      `CONNECT localhost:${secure.port} HTTP/1.1`,
    ]);
    expect(proxy.seen()).not.toContain("a secret body");
  });

  test("that is gone is a 502, and nothing goes around it", async () => {
    const before = upstream.requests.length;

    const answered = await rawRequest(gateway.port, get("/no-proxy"));

    expect(answered.status).toBe(502);
    expect(answered.text).not.toMatch(/127\.0\.0\.1/);
    expect(upstream.requests.length).toBe(before);
  });
});

interface Asked {
  readonly line: string;
  readonly authorization: string | null;
}

/** A forward proxy: absolute URLs for http, tunnels by CONNECT. */
async function startProxy() {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  const seen: Buffer[] = [];
  const server = createServer((client) => {
    sockets.add(client);
    client.on("error", () => client.destroy());
    client.on("data", (bytes) => seen.push(Buffer.from(bytes)));
    serve(client, asked, sockets);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    asked,
    seen: () => Buffer.concat(seen).toString("latin1"),
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Request by request, as a connection that is kept alive brings them; replies flow back as they come. */
function serve(client: Socket, asked: Asked[], sockets: Set<Socket>) {
  let pending: Buffer = Buffer.alloc(0);
  let body: BodyReader | null = null;
  let target: Socket | null = null;
  let tunnelled = false;
  client.on("close", () => target?.destroy());
  client.on("data", (bytes) => {
    pending = Buffer.concat([pending, Buffer.from(bytes)]);
    while (pending.length > 0 && !tunnelled) {
      if (body === null) {
        const head = readHead(pending);
        if (head === null) return;
        pending = pending.subarray(head.length);
        asked.push({ line: head.startLine, authorization: authorizationOf(head) });
        const [method = "", where = ""] = head.startLine.split(" ");
        tunnelled = method === "CONNECT";
        target ??= dial(client, tunnelled ? `http://${where}` : where);
        sockets.add(target);
        if (tunnelled) client.write("HTTP/1.1 200 Connected\r\n\r\n");
        else target.write(rewritten(head));
        body = bodyReader(framingOf(head.lines, { kind: "none" }), 0);
      }
      const rest = body.feed(pending);
      if (!tunnelled) target?.write(pending.subarray(0, pending.length - rest.length));
      if (!tunnelled) pending = rest;
      if (body.complete) body = null;
    }
    if (!tunnelled) return;
    target?.write(pending);
    pending = Buffer.alloc(0);
  });
}

function authorizationOf({ lines }: Head): string | null {
  return headerValues(lines, "proxy-authorization")[0] ?? null;
}

/** The request as its own server wants it: a path, and nothing that was for the proxy. */
function rewritten({ startLine, lines }: Head): string {
  const [method = "", where = "", version = ""] = startLine.split(" ");
  const path = where.replace(/^http:\/\/[^/]*/, "");
  const kept = lines.filter((each) => !/^proxy-/i.test(each));
  return [`${method} ${path} ${version}`, ...kept, "", ""].join("\r\n");
}

function dial(client: Socket, url: string): Socket {
  const { hostname, port } = new URL(url);
  const target = connect({ host: hostname, port: Number(port) });
  target.on("error", () => client.destroy());
  target.on("close", () => client.destroy());
  target.pipe(client);
  return target;
}
