import { expect } from "bun:test";
import { reply } from "../helpers/raw-upstream.ts";
import { keys } from "./keys.ts";
import { malformed } from "./malformed.ts";
import * as rows from "./row.ts";
import type { Row } from "./row.ts";

const { each, get, only, post, refused, up, upWith } = rows;

/** A header goes up as it is written here. */
const kept = (line: string): Omit<Row, "id"> => ({
  about: `${line.slice(0, 40)} goes up unchanged`,
  send: get("/pt/h", line),
  check: upWith({ [line.slice(0, line.indexOf(":"))]: [line.slice(line.indexOf(":") + 2)] }),
  nginx: "meets",
});

const hopByHop: readonly Row[] = [
  {
    id: "B01",
    about: "what Connection names stays here",
    send: get("/pt/h", "Connection: close, X-Sec", "X-Sec: 1", "X-Kept: 1"),
    check: upWith({ "x-sec": [], "x-kept": ["1"] }),
    nginx: "differs",
  },
  {
    id: "B01",
    about: "any case, several lines, odd blanks of Connection",
    send: get("/pt/h", "Connection: ,x-A ,", "X-a: 1", "CONNECTION: X-B;q=1,\tx-c", "X-C: 1"),
    check: upWith({ "x-a": [], "x-c": [] }),
  },
  ...each(
    "B01",
    ["(x), X-Sec", '"a b", X-Sec', "\xe9, X-Sec", "constructor, __proto__, X-Sec"],
    (names) => ({
      about: `Connection: ${names} breaks nothing`,
      send: get("/pt/h", `Connection: ${names}`, "X-Sec: 1", "X-A: 1"),
      check: upWith({ "x-sec": [], "x-a": ["1"] }),
    }),
  ),
  {
    id: "B02",
    about: "Connection cannot name away the provider's key",
    send: get("/pt/h", "Connection: authorization, x-api-key, host, content-length"),
    check: ({ sent }) => {
      expect(up(sent, "x-api-key")).toEqual([rows.providerKeys.pt]);
      for (const value of up(sent, "connection")) expect(value).toMatch(/^(keep-alive|close)$/i);
    },
    nginx: "meets",
  },
  {
    id: "B03",
    about: "hop-by-hop headers stay here",
    send: get(
      "/pt/h",
      "Keep-Alive: timeout=5",
      "Proxy-Connection: keep-alive",
      "Proxy-Authorization: Basic eDp5",
      "Proxy-Authenticate: Basic",
      "TE: gzip",
      "Connection: upgrade",
      "Upgrade: foo",
    ),
    check: upWith({
      "keep-alive": [],
      "proxy-connection": [],
      "proxy-authorization": [],
      te: [],
      upgrade: [],
    }),
    nginx: "differs",
  },
  ...each(
    "B03",
    [
      "x-pass-transfer-encoding: chunked",
      "x-pass-content-length: 7",
      "x-pass-connection: x-api-key",
      "x-pass-host: evil",
      "x-pass-x-api-key: attacker",
      "x-pass-upgrade: websocket",
      "x-pass-expect: 100-continue",
      "x-pass-: 1",
      "x-pass-x-pass-host: evil",
    ],
    (line) => ({
      about: `${line} changes neither framing nor place nor key`,
      send: post("/pt/h", "abc", line),
      check: ({ reply: answered, sent }) => {
        expect(answered.status).toBe(200);
        expect(only(sent).body().toString()).toBe("abc");
        expect(up(sent, "content-length")).toEqual(["3"]);
        expect(up(sent, "connection")).toEqual(["keep-alive"]);
        for (const name of ["transfer-encoding", "upgrade", "expect"]) {
          expect(up(sent, name)).toEqual([]);
        }
      },
    }),
  ),
];

const passing: readonly Row[] = [
  {
    id: "B06",
    about: "repeated lines keep their order",
    send: get("/pt/h", "X-A: 1", "X-B: x", "X-A: 2"),
    deviation: "one line, joined by a comma",
    check: upWith({ "x-a": ["1, 2"] }),
    nginx: "differs",
  },
  {
    id: "B07",
    about: "two Cookie lines stay apart or are joined by a semicolon",
    send: get("/pt/h", "Cookie: a=1", "Cookie: b=2; c=3"),
    check: ({ sent }) => expect(up(sent, "cookie").join("; ")).toBe("a=1; b=2; c=3"),
    nginx: "meets",
  },
  {
    id: "B08",
    about: "headers that the client left out",
    send: get("/pt/h"),
    deviation: "fetch wants an accept and a user-agent; identity keeps the reply as it is",
    check: ({ sent }) => {
      expect(up(sent, "accept")).toEqual(["*/*"]);
      expect(up(sent, "accept-encoding")).toEqual(["identity"]);
      expect(up(sent, "user-agent").length).toBeLessThanOrEqual(1);
    },
    nginx: "differs",
  },
  { id: "B09", ...kept("Accept-Encoding: identity") },
  ...each(
    "B09",
    ["Accept-Encoding: gzip;q=0.5, br", "Accept: text/event-stream", "User-Agent: sdk/1 (x; y)"],
    kept,
  ),
  { id: "B10", ...kept("X-Latin: caf\xe9 \xff\x80") },
  { id: "B10", ...kept(`X-Utf8: ${Buffer.from("naïve €😀").toString("latin1")}`) },
  { id: "B11", ...kept("X-Forwarded-For: 6.6.6.6") },
  {
    id: "B11",
    about: "a forwarding header takes the trust of this machine away",
    send: get("/local/h", "X-Forwarded-For: 127.0.0.1"),
    check: refused(401),
  },
  {
    id: "B11",
    about: "without it this machine is trusted",
    send: get("/local/h"),
    check: upWith({ "x-api-key": [rows.providerKeys.pt], "x-forwarded-for": [], via: [] }),
  },
  { id: "B12", ...kept("Via: 1.1 somebody") },
  ...each(
    "B26",
    [
      "Range: bytes=0-9, 20-",
      'If-None-Match: W/"a", "b"',
      'If-Range: "a"',
      "If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT",
    ],
    kept,
  ),
  {
    id: "B26",
    about: "a 206 comes down with its headers",
    send: get("/pt/h", "Range: bytes=0-1"),
    script: [
      reply("HTTP/1.1 206 Partial Content", ["Content-Range: bytes 0-1/9", 'ETag: "x"'], "ab"),
    ],
    check: ({ reply: answered }) => {
      expect(answered.status).toBe(206);
      expect(answered.values("content-range")).toEqual(["bytes 0-1/9"]);
      expect(answered.values("etag")).toEqual(['"x"']);
      expect(answered.body.toString()).toBe("ab");
    },
    nginx: "meets",
  },
  {
    id: "B26",
    about: "a 416 comes down with its headers",
    send: get("/pt/h", "Range: bytes=99-"),
    script: [reply("HTTP/1.1 416 Range Not Satisfiable", ["Content-Range: bytes */9"], "no")],
    check: ({ reply: answered }) => {
      expect(answered.status).toBe(416);
      expect(answered.values("content-range")).toEqual(["bytes */9"]);
    },
    nginx: "meets",
  },
];

const zipped = Buffer.from(Bun.gzipSync(Buffer.from('{"model":"m"}'))).toString("latin1");
const parts =
  '--a;b\r\nContent-Disposition: form-data; name="f"; filename="\xe9"\r\n\r\n\x00\xff\r\n--a;b--\r\n';

const bodies: readonly Row[] = [
  {
    id: "B27",
    about: "a compressed request body goes up as it is",
    send: post("/pt/h", zipped, "Content-Encoding: gzip", "Content-Type: application/json"),
    check: ({ sent }) => {
      expect(only(sent).body().toString("latin1")).toBe(zipped);
      expect(up(sent, "content-length")).toEqual([String(zipped.length)]);
      expect(up(sent, "content-encoding")).toEqual(["gzip"]);
    },
    nginx: "meets",
  },
  {
    id: "B28",
    about: "a multipart body and its odd content type go up as they are",
    send: post("/pt/h", parts, 'Content-Type: Multipart/Form-Data; boundary="a;b"'),
    check: ({ sent }) => {
      expect(only(sent).body().toString("latin1")).toBe(parts);
      expect(up(sent, "content-type")).toEqual(['Multipart/Form-Data; boundary="a;b"']);
    },
    nginx: "meets",
  },
];

/** Table B: headers. */
export const headers: readonly Row[] = [...hopByHop, ...keys, ...passing, ...bodies, ...malformed];
