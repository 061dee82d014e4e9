import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import {
  chunked,
  config,
  errorType,
  get,
  lastOf,
  post,
  request,
  sent,
  withBody,
  readingFor,
} from "./wire.ts";

const upstream = await startRawUpstream();
const gateway = await startGateway(
  config([
    `path: /v1, target: "${upstream.url}/base", include_subpath: true, auth: false`,
    `path: /small, target: "${upstream.url}/small", auth: false, max_body_size: 1000`,
    `path: /large, target: "${upstream.url}/large", auth: false, max_body_size: 100000`,
  ]),
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

const bodies: readonly (readonly [about: string, contentType: string | null, body: string])[] = [
  ["JSON with duplicate keys", "application/json", '{"a":1,"a":2,"b":{"a":1,"a":null}}'],
  ["JSON with its whitespace", "application/json", '\r\n{ "a" :\t1 ,\n\n "b":[ ] }  \n'],
  ["JSON numbers as spelt", "application/json", "[1.0,1e2,-0,0.10,12345678901234567890,1E+2]"],
  ["JSON escapes as spelt", "application/json; charset=utf-8", '"\\u0041\\/\\ud83d"'],
  ["JSON that is none", "application/json", '{"a":'],
  ["JSON with a byte order mark", "application/json", "\xef\xbb\xbf{}"],
  ["a form", "application/x-www-form-urlencoded", "a=1&a=2&b=%20+&=&&c"],
  ["NDJSON", "application/x-ndjson", '{"a":1}\n{"a":2}\n'],
  ["XML", "text/xml", "<a>\n</a>"],
  ["every byte there is", "application/octet-stream", everyByte.toString("latin1")],
  ["Latin-1 text", "text/plain; charset=iso-8859-1", "caf\xe9"],
  ["no content type", null, "whatever"],
];

describe.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "QUERY"])(
  "%s",
  (method) => {
    test.each(bodies)("%s goes up byte for byte", async (_, contentType, body) => {
      const lines = contentType === null ? [] : [`Content-Type: ${contentType}`];

      const reply = await rawRequest(gateway.port, withBody(`${method} /v1/a`, body, ...lines));

      expect(reply.status).toBe(200);
      const up = await lastOf(upstream);
      expect(up.requestLine).toBe(`${method} /base/a HTTP/1.1`);
      expect(up.body().toString("latin1")).toBe(body);
      expect(sent(up, "content-type")).toEqual(contentType === null ? [] : [contentType]);
      expect(sent(up, "content-length")).toEqual([String(body.length)]);
      expect(sent(up, "transfer-encoding")).toEqual([]);
    });
  },
);

describe("framing", () => {
  test.each([1, 65_535, 65_536, 65_537, 131_072, 1_048_577])(
    "a body of %d known bytes goes up with its length and not chunked",
    async (size) => {
      const body = Buffer.alloc(size, everyByte);

      const reply = await rawRequest(gateway.port, post("/v1/size", body));

      expect(reply.status).toBe(200);
      const up = await lastOf(upstream);
      expect(up.body().equals(body)).toBe(true);
      expect(sent(up, "content-length")).toEqual([String(size)]);
      expect(sent(up, "transfer-encoding")).toEqual([]);
    },
  );

  test.each([[["abc"]], [["a", "bc", "d".repeat(70_000)]], [[everyByte, everyByte]]])(
    "a chunked upload arrives whole",
    async (chunks) => {
      const reply = await rawRequest(gateway.port, chunked("POST /v1/chunks", chunks));

      expect(reply.status).toBe(200);
      const up = await lastOf(upstream);
      const whole = Buffer.concat(chunks.map((each) => Buffer.from(each)));
      expect(up.body().equals(whole)).toBe(true);
      expect(sent(up, "content-length").length + sent(up, "transfer-encoding").length).toBe(1);
    },
  );

  test("a chunked upload that comes in pieces goes up as it comes", async () => {
    const bytes = chunked("POST /v1/pieces", ["one", "two", "three"]);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 40) }, (_, index) =>
      bytes.subarray(index * 40, index * 40 + 40),
    ).flatMap((piece) => [piece, 2]);

    const reply = await rawRequest(gateway.port, pieces);

    expect(reply.status).toBe(200);
    expect((await lastOf(upstream)).body().toString()).toBe("onetwothree");
  });

  test("a declared empty body stays empty", async () => {
    const reply = await rawRequest(gateway.port, post("/v1/empty", ""));

    expect(reply.status).toBe(200);
    const up = await lastOf(upstream);
    expect(up.raw().toString("latin1")).toEndWith("\r\n\r\n");
    expect(sent(up, "content-length")).toEqual(["0"]);
  });

  test("an empty chunked body stays empty", async () => {
    const reply = await rawRequest(gateway.port, chunked("POST /v1/empty", []));

    expect(reply.status).toBe(200);
    expect((await lastOf(upstream)).body().length).toBe(0);
  });

  test.each(["GET", "HEAD", "DELETE", "POST", "PUT"])(
    "a %s without a body goes up without one",
    async (method) => {
      const reply = await rawRequest(
        gateway.port,
        request(`${method} /v1/none`),
        readingFor(method),
      );

      expect(reply.status).toBe(200);
      const up = await lastOf(upstream);
      expect(up.method).toBe(method);
      expect(up.raw().toString("latin1")).toEndWith("\r\n\r\n");
      expect(sent(up, "transfer-encoding")).toEqual([]);
    },
  );

  test("a GET with a body is refused, never stripped", async () => {
    const before = upstream.requests.length;

    const known = await rawRequest(gateway.port, withBody("GET /v1/a", "{}"));
    const streamed = await rawRequest(gateway.port, chunked("GET /v1/a", ["{}"]));

    expect([known.status, streamed.status]).toEqual([400, 400]);
    expect(errorType(known)).toBe("body_not_allowed");
    expect(upstream.requests.length).toBe(before);
  });
});

describe("encodings", () => {
  test("a compressed upload goes up compressed", async () => {
    const body = Bun.gzipSync(Buffer.from('{"model":"m"}'));

    const reply = await rawRequest(
      gateway.port,
      post("/v1/gzip", body, "Content-Encoding: gzip", "Content-Type: application/json"),
    );

    expect(reply.status).toBe(200);
    const up = await lastOf(upstream);
    expect(up.body().equals(Buffer.from(body))).toBe(true);
    expect(sent(up, "content-encoding")).toEqual(["gzip"]);
  });

  test.each([false, true])(
    "a multipart upload keeps boundary, order and part headers (chunked: %p)",
    async (inChunks) => {
      const type = 'Content-Type: multipart/form-data; charset=x; boundary="=_a;b c"';
      const body = [
        "a preamble\r\n--=_a;b c\r\n",
        'Content-Disposition: form-data; name="z"\r\nX-Part:  kept \r\n\r\nlast first\r\n--=_a;b c\r\n',
        `content-disposition: form-data; name="file"; filename="caf\xe9.bin"\r\nContent-Type: image/x\r\n\r\n${everyByte.toString("latin1")}`,
        '\r\n--=_a;b c\r\nContent-Disposition: form-data; name="z"\r\n\r\n\r\n--=_a;b c--\r\nan epilogue',
      ];

      const bytes = inChunks
        ? chunked(
            "POST /v1/form",
            body.map((each) => Buffer.from(each, "latin1")),
            type,
          )
        : post("/v1/form", body.join(""), type);
      const reply = await rawRequest(gateway.port, bytes);

      expect(reply.status).toBe(200);
      const up = await lastOf(upstream);
      expect(up.body().toString("latin1")).toBe(body.join(""));
      expect(up.headerLines).toContain(type);
    },
  );
});

describe("max_body_size", () => {
  test.each(["/small", "/large"])("a body of exactly the limit passes %s", async (path) => {
    const limit = path === "/small" ? 1_000 : 100_000;
    const body = "x".repeat(limit);

    const known = await rawRequest(gateway.port, post(path, body));
    const streamed = await rawRequest(gateway.port, chunked(`POST ${path}`, [body]));

    expect([known.status, streamed.status]).toEqual([200, 200]);
    expect((await lastOf(upstream)).bodySize()).toBe(limit);
  });

  test.each(["/small", "/large"])("one byte more of known length is a 413 on %s", async (path) => {
    const before = upstream.requests.length;
    const body = "x".repeat(path === "/small" ? 1_001 : 100_001);

    const reply = await rawRequest(gateway.port, post(path, body));

    expect(reply.status).toBe(413);
    expect(errorType(reply)).toBe("body_too_large");
    expect(upstream.requests.length).toBe(before);
  });

  test.each(["/small", "/large"])("one byte more in chunks is a 413 on %s", async (path) => {
    const half = "x".repeat(path === "/small" ? 500 : 50_000);

    const reply = await rawRequest(gateway.port, chunked(`POST ${path}`, [half, half, "x"]));

    expect(reply.status).toBe(413);
    expect(errorType(reply)).toBe("body_too_large");
    expect(reply.text).toContain("x-litellm-call-id");
    for (const up of upstream.requests.filter((each) => each.target === path)) {
      expect(up.bodySize()).toBeLessThanOrEqual(half.length * 2);
    }
  });

  test("after a 413 the gateway serves on", async () => {
    await rawRequest(gateway.port, post("/small", "x".repeat(5_000_000)));

    const reply = await rawRequest(gateway.port, get("/v1/after"));

    expect(reply.status).toBe(200);
  });
});
