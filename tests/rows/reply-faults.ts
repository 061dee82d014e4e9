import { expect } from "bun:test";
import { reply } from "../helpers/raw-upstream.ts";
import { brokenOff, down, failed, raw, whole } from "./reply-checks.ts";
import { each, get, post, untilClosed, type Row } from "./row.ts";

/** Table E, the part about upstreams that break the rules, or off. */
export const replyFaults: readonly Row[] = [
  {
    id: "E10",
    ...whole(
      [raw("200 OK", ["Content-Length: 3", "Content-Length: 5"], "abcde"), { end: "close" }],
      "two lengths",
      failed(502),
    ),
  },
  ...each("E10", ["-1", "+3", "3 3", "abc", "0x3", "3, 5", "99999999999999999999"], (length) => ({
    ...whole(
      [raw("200 OK", [`Content-Length: ${length}`], "abc"), { end: "close" }],
      `length ${length}`,
      failed(502),
    ),
  })),
  ...each("E10", ["Content-Length: 3, 3", "Content-Length: 3\r\nContent-Length: 3"], (lines) => ({
    ...whole(
      [raw("200 OK", [lines], "abc"), { end: "close" }],
      `${JSON.stringify(lines)} is one length, or a 502`,
      (exchange) =>
        exchange.reply.status === 200 ? down(200, {}, "abc")(exchange) : failed(502)(exchange),
    ),
  })),
  {
    id: "E11",
    nginx: "meets",
    ...whole(
      [
        raw(
          "200 OK",
          ["Content-Length: 50", "Transfer-Encoding: chunked"],
          "3\r\nabc\r\n0\r\n\r\n",
        ),
        { end: "close" },
      ],
      "length and chunked: chunked wins, or a 502",
      (exchange) =>
        exchange.reply.status === 200 ? down(200, {}, "abc")(exchange) : failed(502)(exchange),
    ),
  },
  {
    id: "E12",
    ...whole(
      [raw("200 OK", ["Content-Length: 10"], "abc"), { end: "close" }],
      "a short reply cut short",
      failed(502),
    ),
    nginx: "differs",
  },
  {
    id: "E12",
    ...whole(
      [raw("200 OK", ["Content-Length: 10"], "abc"), { wait: 20 }, { end: "reset" }],
      "a short reply reset",
      failed(502),
    ),
    nginx: "differs",
  },
  ...each("E12", ["close", "reset"] as const, (end) => ({
    ...whole(
      [raw("200 OK", ["Transfer-Encoding: chunked"], "3\r\nabc\r\n"), { wait: 50 }, { end }],
      `a chunked reply without its end (${end})`,
      brokenOff("abc"),
    ),
    options: untilClosed,
    nginx: "meets" as const,
  })),
  ...each("E12", ["close", "reset"] as const, (end) => ({
    ...whole(
      [raw("200 OK", ["Content-Length: 200000"], "a".repeat(100_000)), { wait: 50 }, { end }],
      `a long reply cut in the middle (${end})`,
      brokenOff("a".repeat(100_000)),
    ),
    options: untilClosed,
    nginx: "meets" as const,
  })),
  {
    id: "E12",
    ...whole(
      [
        raw("200 OK", ["Content-Type: text/event-stream", "Content-Length: 90"], "data: 1\n\n"),
        { wait: 50 },
        { end: "reset" },
      ],
      "an event stream of known length is not held back",
      brokenOff("data: 1\n\n"),
    ),
    options: untilClosed,
    nginx: "meets",
  },
  {
    id: "E13",
    ...whole(
      [
        raw("200 OK", ["Transfer-Encoding: chunked"], "3\r\nabc\r\n"),
        { wait: 50 },
        { write: "zz\r\nabc\r\n0\r\n\r\n" },
        { end: "close" },
      ],
      "a bad chunk size after data",
      (exchange) =>
        exchange.reply.status === 502 ? failed(502)(exchange) : brokenOff("abc")(exchange),
    ),
    options: untilClosed,
  },
  {
    id: "E13",
    ...whole(
      [raw("200 OK", ["Transfer-Encoding: chunked"], "zz\r\nabc\r\n0\r\n\r\n"), { end: "close" }],
      "a bad first chunk size",
      (exchange) =>
        exchange.reply.status === 502
          ? failed(502)(exchange)
          : expect(exchange.reply.complete).toBe(false),
    ),
    options: untilClosed,
  },
  {
    id: "E14",
    ...whole(
      [
        raw("200 OK", ["Content-Type: text/plain"], "abc"),
        { wait: 20 },
        { write: "def" },
        { end: "close" },
      ],
      "a reply that ends with its connection",
      down(200, {}, "abcdef"),
    ),
    nginx: "meets",
  },
  ...each(
    "E13",
    ["zz\r\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "ffffffffffffffffff\r\n"],
    (bytes) => ({
      about: `${JSON.stringify(bytes)} on a route with a key in its query (the log is looked at last)`,
      send: get("/qk/m"),
      script: [
        raw("200 OK", ["Transfer-Encoding: chunked"], "3\r\nabc\r\n"),
        { wait: 20 },
        { write: bytes },
        { end: "close" },
      ],
      options: untilClosed,
      check: brokenOff("abc"),
    }),
  ),
  ...each(
    "E15",
    [
      "garbage\r\n\r\n",
      "\0\x01\x02\x03",
      "SSH-2.0-x\r\n",
      "HTTP/1.1\r\n\r\n",
      "HTTP/1.1 abc OK\r\n\r\n",
      "HTTP/9.9 200 OK\r\n\r\n",
    ],
    (bytes) => ({
      ...whole(
        [{ write: bytes }, { end: "close" }],
        `${JSON.stringify(bytes)} is not HTTP`,
        failed(502),
      ),
      options: { timeoutMs: 400 },
      nginx: "differs" as const,
    }),
  ),
  {
    id: "E16",
    about: "no answer to a POST: 502, and sent once",
    send: post("/pt/e", "abc"),
    script: [{ end: "close" }],
    check: (exchange) => {
      failed(502)(exchange);
      expect(exchange.sent.length).toBe(1);
    },
    nginx: "meets",
  },
  {
    id: "E16",
    about: "a reset in place of an answer to a POST: 502, and sent once",
    send: post("/pt/e", "abc"),
    script: [{ end: "reset" }],
    check: (exchange) => {
      failed(502)(exchange);
      expect(exchange.sent.length).toBe(1);
    },
    nginx: "meets",
  },
  {
    id: "E16",
    ...whole([{ end: "close" }], "no answer to a GET: 502, and sent twice at most", (exchange) => {
      failed(502)(exchange);
      expect(exchange.sent.length).toBeLessThanOrEqual(2);
    }),
    nginx: "meets",
  },
  ...each("E17", [20, 31], (kilobytes) => ({
    ...whole(
      [reply("HTTP/1.1 200 OK", [`X-Long: ${"a".repeat(kilobytes * 1024)}`], "{}")],
      `${kilobytes} KB of headers`,
      down(200, { "x-long": ["a".repeat(kilobytes * 1024)] }),
    ),
    nginx: "differs" as const,
  })),
  {
    id: "E17",
    ...whole(
      [reply("HTTP/1.1 200 OK", [`X-Long: ${"a".repeat(300 * 1024)}`], "{}")],
      "300 KB of headers",
      failed(502),
    ),
    nginx: "meets",
  },
  {
    id: "E17",
    ...whole(
      [
        reply(
          "HTTP/1.1 200 OK",
          Array.from({ length: 300 }, (_, index) => `X-${index}: ${"a".repeat(1_000)}`),
          "{}",
        ),
      ],
      "300 headers of 1 KB",
      failed(502),
    ),
    nginx: "meets",
  },
  ...each(
    "E18",
    [["X-A: 1", " 2"], ["X-Bad : v"], ["nonsense"], [": v"], ["X-A: a\0b"]],
    (lines) => ({
      nginx: "meets" as const,
      ...whole(
        [reply("HTTP/1.1 200 OK", [...lines, "X-B: 1"], "{}"), { end: "close" }],
        `${JSON.stringify(lines)} is a 502 or repaired`,
        ({ reply: answered }) => {
          expect([200, 502]).toContain(answered.status);
          expect(answered.complete).toBe(true);
          for (const line of answered.text.split("\r\n\r\n")[0]?.split("\r\n").slice(1) ?? []) {
            expect(line).toMatch(/^[!#$%&'*+.^_`|~0-9a-z-]+: [^\0\r\n]*$/i);
          }
        },
      ),
    }),
  ),
  {
    id: "E22",
    ...whole(
      [{ write: "HTTP/1.0 200 OK\r\nX-A: 1\r\n\r\nabc" }, { end: "close" }],
      "HTTP/1.0 below is HTTP/1.1 above",
      (exchange) => {
        down(200, { "x-a": ["1"] }, "abc")(exchange);
        expect(exchange.reply.statusLine).toStartWith("HTTP/1.1 200");
      },
    ),
    nginx: "meets",
  },
];
