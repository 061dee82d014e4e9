import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { type RawReply, rawRequest } from "../helpers/raw-client.ts";
import { reply, type Script, startRawUpstream, type Step } from "../helpers/raw-upstream.ts";
import { config, get, lastOf, masterKey, request, sent } from "./wire.ts";

const upstream = await startRawUpstream();
const gateway = await startGateway(
  config(
    [
      `path: /r, target: "${upstream.url}/r", include_subpath: true, auth: false, forward_headers: true`,
    ],
    `master_key: ${masterKey}`,
  ),
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

/** What the client gets when the upstream answers this. */
async function down(script: Script, bytes = get("/r"), method?: "HEAD"): Promise<RawReply> {
  upstream.scripts.set("/r", script);
  return rawRequest(gateway.port, bytes, method === undefined ? {} : { method });
}

const raw = (text: string, ...rest: readonly Step[]): readonly Step[] => [{ write: text }, ...rest];

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString("latin1");

describe("status and headers", () => {
  test.each([200, 201, 202, 203, 206, 207, 299, 300, 400, 401, 403, 404, 405, 409, 413, 418])(
    "a %d comes down as it is",
    async (status) => {
      const answered = await down([reply(status, ["X-A: 1"], "the upstream's text")]);

      expect(answered.status).toBe(status);
      expect(answered.body.toString()).toBe("the upstream's text");
      expect(answered.values("x-a")).toEqual(["1"]);
    },
  );

  test.each([422, 429, 451, 499, 500, 502, 503, 504, 529, 599])(
    "an error of the upstream's is a reply: %d",
    async (status) => {
      const before = upstream.requests.length;
      const limits = ["Retry-After: 7", "x-ratelimit-remaining-requests: 0", "X-Request-Id: up"];

      const answered = await down(
        [reply(status, [...limits, "Content-Type: application/json"], '{ "error":"x" }')],
        request("POST /r", ["Content-Length: 2"], "{}"),
      );

      expect(answered.status).toBe(status);
      expect(answered.body.toString()).toBe('{ "error":"x" }');
      expect(answered.values("retry-after")).toEqual(["7"]);
      expect(answered.values("x-ratelimit-remaining-requests")).toEqual(["0"]);
      expect(answered.values("x-request-id")).toEqual(["up"]);
      expect(upstream.requests.length).toBe(before + 1);
    },
  );

  test.each(["HTTP/1.1 600 X", "HTTP/1.1 999 X"])(
    "what no reply of ours can carry is a 502: %s",
    async (statusLine) => {
      const answered = await down([reply(statusLine, [], "x")]);

      expect(answered.status).toBe(502);
      expect(answered.body.toString()).toContain("upstream_protocol");
    },
  );

  test("several Set-Cookie stay several", async () => {
    const cookies = ["a=1; Expires=Sat, 01 Jan 2050 00:00:00 GMT; Path=/", "b=2, c=3", "a=4"];

    const answered = await down([
      reply(
        200,
        cookies.map((each) => `Set-Cookie: ${each}`),
        "x",
      ),
    ]);

    expect(answered.values("set-cookie")).toEqual(cookies);
  });

  test("end-to-end headers come down, those of the connection do not", async () => {
    const answered = await down([
      reply(200, [
        "X-A: 1",
        "Server: theirs",
        "Date: Sat, 01 Jan 2000 00:00:00 GMT",
        'ETag: W/"x"',
        "Location: https://elsewhere.example/x?y",
        "X-Latin: caf\xe9",
        "Connection: X-Sec, keep-alive",
        "X-Sec: hidden",
        "Keep-Alive: timeout=99",
        "Proxy-Authenticate: Basic",
        "Trailer: X-End",
        "Upgrade: foo",
      ]),
    ]);

    for (const [name, value] of [
      ["x-a", "1"],
      ["server", "theirs"],
      ["date", "Sat, 01 Jan 2000 00:00:00 GMT"],
      ["etag", 'W/"x"'],
      ["location", "https://elsewhere.example/x?y"],
      ["x-latin", "caf\xe9"],
    ] as const) {
      expect([name, ...answered.values(name)]).toEqual([name, value]);
    }
    for (const name of ["x-sec", "keep-alive", "proxy-authenticate", "trailer", "upgrade"]) {
      expect([name, ...answered.values(name)]).toEqual([name]);
    }
    expect(answered.values("connection").join()).not.toMatch(/sec/i);
  });
});

describe("redirects", () => {
  test.each([301, 302, 303, 307, 308])("a %d is relayed, not followed", async (status) => {
    using other = await startRawUpstream();
    const before = upstream.requests.length;

    const answered = await down(
      [reply(status, [`Location: ${other.url}/there`], "go")],
      request("POST /r", ["x-api-key: client", "Content-Length: 4"], "body"),
    );

    expect(answered.status).toBe(status);
    expect(answered.values("location")).toEqual([`${other.url}/there`]);
    expect(answered.body.toString()).toBe("go");
    expect(other.requests.length).toBe(0);
    expect(upstream.requests.length).toBe(before + 1);
  });
});

describe("bodies", () => {
  const zipped = Buffer.from(Bun.gzipSync(Buffer.from("x".repeat(5_000)))).toString("latin1");

  test.each(["gzip", "br", "zstd", "deflate", "x-unknown"])(
    "a reply that says %s stays as it is",
    async (coding) => {
      const lines = [`Content-Encoding: ${coding}`, 'ETag: "z"', "Vary: Accept-Encoding"];

      const answered = await down(
        [reply(200, lines, zipped)],
        get("/r", `Accept-Encoding: ${coding}`),
      );

      expect(answered.body.toString("latin1")).toBe(zipped);
      expect(answered.values("content-encoding")).toEqual([coding]);
      expect(answered.values("content-length")).toEqual([String(zipped.length)]);
      expect(answered.values("etag")).toEqual(['"z"']);
      expect(sent(await lastOf(upstream), "accept-encoding")).toEqual([coding]);
    },
  );

  test("a compressed stream stays compressed", async () => {
    const head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";
    const size = zipped.length.toString(16);

    const answered = await down(raw(`${head}${size}\r\n${zipped}\r\n0\r\n\r\n`));

    expect(answered.body.toString("latin1")).toBe(zipped);
    expect(answered.values("content-encoding")).toEqual(["gzip"]);
  });

  test.each([0, 1, 65_535, 65_536, 65_537, 300_000])(
    "%d bytes of known length come down whole",
    async (size) => {
      const body = everyByte.repeat(Math.ceil(size / 256)).slice(0, size);

      const answered = await down([reply(200, ["Content-Type: application/octet-stream"], body)]);

      expect(answered.complete).toBe(true);
      expect(answered.body.toString("latin1") === body).toBe(true);
      const lengths = answered.values("content-length");
      expect(lengths).toEqual(size <= 65_536 ? [String(size)] : []); // above that: the runtime's limit
    },
  );

  test("a reply that ends with its connection comes down complete", async () => {
    const answered = await down(
      raw("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it", { end: "close" }),
    );

    expect(answered.complete).toBe(true);
    expect(answered.body.toString()).toBe("all of it");
  });

  test.each(["204 No Content", "304 Not Modified"])("a %s has no body", async (status) => {
    const answered = await down(raw(`HTTP/1.1 ${status}\r\nETag: "x"\r\nX-A: 1\r\n\r\n`));

    expect(answered.status).toBe(Number(status.slice(0, 3)));
    expect(answered.text).toEndWith("\r\n\r\n");
    expect(answered.values("transfer-encoding")).toEqual([]);
    expect(answered.values("etag")).toEqual(['"x"']);
    expect(answered.values("x-a")).toEqual(["1"]);
  });

  test.each([200, 404, 500])("a HEAD has the length of its GET and no body: %d", async (status) => {
    const answered = await down(
      raw(`HTTP/1.1 ${status} X\r\nContent-Length: 12345\r\nContent-Type: a/b\r\n\r\n`),
      request("HEAD /r"),
      "HEAD",
    );

    expect(answered.status).toBe(status);
    expect(answered.values("content-length")).toEqual(["12345"]);
    expect(answered.values("content-type")).toEqual(["a/b"]);
    expect(answered.text).toEndWith("\r\n\r\n");
    expect((await lastOf(upstream)).method).toBe("HEAD");
  });

  test("a connection serves on after replies without body", async () => {
    upstream.scripts.set("/r", [{ write: "HTTP/1.1 204 No Content\r\n\r\n" }]);
    upstream.scripts.set("/r/next", [reply(200, [], "next")]);

    const answered = await rawRequest(gateway.port, [get("/r"), 100, get("/r/next")], {
      replies: 2,
    });

    expect(answered.responses.map(({ status }) => status)).toEqual([204, 200]);
    expect(answered.responses[1]?.body.toString()).toBe("next");
  });
});

describe("event streams", () => {
  test.each(["text/event-stream", "text/event-stream; charset=utf-8", "Text/Event-Stream"])(
    "tell proxies not to hold them back: %s",
    async (type) => {
      const answered = await down([reply(200, [`Content-Type: ${type}`], "data: 1\n\n")]);

      expect(answered.values("x-accel-buffering")).toEqual(["no"]);
      expect(answered.values("content-type")).toEqual([type]);
    },
  );

  test("nothing else does", async () => {
    const answered = await down([reply(200, ["Content-Type: application/json"], "{}")]);

    expect(answered.values("x-accel-buffering")).toEqual([]);
  });
});
