import { expect } from "bun:test";
import { reply } from "../helpers/raw-upstream.ts";
import { down, failed, raw, whole } from "./reply-checks.ts";
import { replyFaults } from "./reply-faults.ts";
import { replyFlows } from "./reply-flows.ts";
import { each, type Row } from "./row.ts";

const zipped = Buffer.from(Bun.gzipSync(Buffer.from('{"a":1}'.repeat(20)))).toString("latin1");

const heads: readonly Row[] = [
  {
    id: "E01",
    ...whole(
      [
        reply("HTTP/1.1 401 Unauthorized", [
          "Set-Cookie: a=1; Expires=Sat, 01 Jan 2033 00:00:00 GMT",
          "WWW-Authenticate: Basic realm=a",
          "X-A: 1",
          "Set-Cookie: b=2",
          "WWW-Authenticate: Bearer",
          "X-A: 2",
        ]),
      ],
      "two cookies stay two",
      ({ reply: { status, values } }) => {
        expect(status).toBe(401);
        expect(values("set-cookie")).toEqual(["a=1; Expires=Sat, 01 Jan 2033 00:00:00 GMT", "b=2"]);
        expect(values("www-authenticate").join(", ")).toBe("Basic realm=a, Bearer");
        expect(values("x-a").join(", ")).toBe("1, 2");
      },
    ),
    nginx: "meets",
  },
  {
    id: "E02",
    ...whole(
      [
        reply(
          "HTTP/1.1 200 OK",
          [
            "Connection: X-Sec, keep-alive",
            "X-Sec: 1",
            "Keep-Alive: timeout=7",
            "Proxy-Connection: keep-alive",
            "Trailer: X-Sum",
            "Upgrade: h2c",
            "X-Kept: 1",
          ],
          "{}",
        ),
      ],
      "hop-by-hop headers of the upstream stay there",
      ({ reply: { values } }) => {
        expect(values("x-kept")).toEqual(["1"]);
        for (const name of ["x-sec", "proxy-connection", "trailer", "upgrade"]) {
          expect(values(name)).toEqual([]);
        }
        expect(values("keep-alive")).not.toContain("timeout=7");
        expect(values("connection").join()).not.toContain("X-Sec");
      },
    ),
    nginx: "differs",
  },
  ...each(
    "E02",
    ["(x), X-Sec", '"a b", X-Sec', "\xe9, X-Sec", ",,;=,X-Sec", "X-Sec,\tX-Sec"],
    (names) => ({
      ...whole(
        [reply("HTTP/1.1 200 OK", [`Connection: ${names}`, "X-Sec: 1", "X-A: 1"], "{}")],
        `Connection: ${names} breaks nothing`,
        down(200, { "x-sec": [], "x-a": ["1"] }, "{}"),
      ),
    }),
  ),
  {
    id: "E03",
    ...whole(
      [
        reply(
          "HTTP/1.1 200 OK",
          ["Content-Encoding: gzip", 'ETag: "z"', "Content-Type: application/json"],
          zipped,
        ),
      ],
      "a compressed reply stays compressed, length and ETag too",
      down(
        200,
        { "content-encoding": ["gzip"], etag: ['"z"'], "content-length": [String(zipped.length)] },
        zipped,
      ),
    ),
    nginx: "meets",
  },
  {
    id: "E04",
    ...whole(
      [reply("HTTP/1.1 200 OK", [], "abc")],
      "a reply of known length without a content type",
      down(200, { "content-type": ["application/octet-stream"] }, "abc"),
    ),
    deviation: "the runtime adds application/octet-stream",
    nginx: "differs",
  },
  {
    id: "E04",
    ...whole(
      [raw("200 OK", ["Transfer-Encoding: chunked"], "3\r\nabc\r\n0\r\n\r\n")],
      "a stream without a content type",
      down(200, { "content-type": [] }, "abc"),
    ),
    nginx: "meets",
  },
  {
    id: "E05",
    ...whole([raw("204 No Content", ["X-A: 1"])], "204", down(204, { "x-a": ["1"] }, "")),
    nginx: "meets",
  },
  {
    id: "E05",
    ...whole([raw("205 Reset Content", ["Content-Length: 0"])], "205", down(205, {}, "")),
    nginx: "meets",
  },
  {
    id: "E05",
    ...whole(
      [raw("304 Not Modified", ['ETag: "x"', "Content-Length: 500"])],
      "304 that names a length",
      ({ reply: answered }) => {
        expect(answered.status).toBe(304);
        expect(answered.values("etag")).toEqual(['"x"']);
        expect(answered.text).toEndWith("\r\n\r\n");
      },
    ),
    options: { lingerMs: 50 },
    nginx: "meets",
  },
  {
    id: "E06",
    ...whole(
      [raw("103 Early Hints", ["Link: </a>"]), { wait: 20 }, reply("HTTP/1.1 200 OK", [], "{}")],
      "103 before the answer",
      ({ reply: answered }) => {
        expect(answered.responses.map(({ status }) => status)).toEqual([200]);
        expect(answered.body.toString()).toBe("{}");
      },
    ),
    deviation: "the 103 is dropped",
  },
  {
    id: "E06",
    ...whole(
      [
        raw("101 Switching Protocols", ["Upgrade: x", "Connection: upgrade"], "raw bytes"),
        { end: "close" },
      ],
      "a 101 that nobody asked for",
      failed(502),
    ),
  },
  ...each("E07", [301, 302, 303, 307, 308], (status) => ({
    ...whole(
      [reply(status, ["Location: http://other.example/x?y#z"], "moved")],
      `${status} is relayed, not followed`,
      down(status, { location: ["http://other.example/x?y#z"] }, "moved"),
    ),
    nginx: "meets" as const,
  })),
  ...each("E08", [529, 299, 418, 429, 500, 503, 599], (status) => ({
    ...whole(
      [
        reply(
          `HTTP/1.1 ${status} Some Reason`,
          ["Retry-After: 7", "x-ratelimit-remaining-requests: 0"],
          "busy",
        ),
      ],
      `${status} comes down as it is`,
      down(status, { "retry-after": ["7"], "x-ratelimit-remaining-requests": ["0"] }, "busy"),
    ),
    deviation: "the reason phrase is the runtime's",
    ...(status === 500 ? { relays500: true as const } : {}),
    nginx: "meets" as const,
  })),
  {
    id: "E08",
    ...whole([reply("HTTP/1.1 999 Odd", [], "odd")], "999", failed(502)),
    deviation: "the runtime has no such status: 502",
    nginx: "differs",
  },
  ...each("E09", ["caf\xe9 \xff", Buffer.from("naïve €😀").toString("latin1")], (value) => ({
    ...whole(
      [reply("HTTP/1.1 200 OK", [`X-Odd: ${value}`], "{}")],
      `bytes ${JSON.stringify(value)} of a header`,
      down(200, { "x-odd": [value] }),
    ),
    nginx: "meets" as const,
  })),
  {
    id: "E20",
    ...whole(
      [reply("HTTP/1.1 200 OK", ['Content-Type: Application/JSON; Charset="UTF-8"'], "{}")],
      "an odd content type",
      down(200, { "content-type": ['Application/JSON; Charset="UTF-8"'] }),
    ),
    nginx: "meets",
  },
  {
    id: "E23",
    ...whole(
      [reply("HTTP/1.1 200 OK", ["x-litellm-call-id: theirs", "x-litellm-model-id: m"], "{}")],
      "the call's id is ours, whatever the upstream says",
      ({ reply: { values } }) => {
        expect(values("x-litellm-call-id").length).toBe(1);
        expect(values("x-litellm-call-id")).not.toContain("theirs");
      },
    ),
  },
  {
    id: "E23",
    ...whole(
      [
        reply(
          "HTTP/1.1 200 OK",
          ["Date: Sat, 01 Jan 2000 00:00:00 GMT", "Server: theirs/1", "X-Request-Id: r1"],
          "{}",
        ),
      ],
      "the upstream's date, server and id come down",
      down(200, {
        date: ["Sat, 01 Jan 2000 00:00:00 GMT"],
        server: ["theirs/1"],
        "x-request-id": ["r1"],
      }),
    ),
    nginx: "differs",
  },
];

/** Table E: what the upstream answers. */
export const replies: readonly Row[] = [...heads, ...replyFaults, ...replyFlows];
