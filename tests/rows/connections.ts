import { expect } from "bun:test";
import { reply, type Script } from "../helpers/raw-upstream.ts";
import * as rows from "./row.ts";
import type { Exchange, Row } from "./row.ts";

const { each, framed, get, nothingWhole, only, post, refusedAndClosed, untilClosed, up } = rows;

const chunked = "Transfer-Encoding: chunked";

const trailers: readonly Row[] = [
  {
    id: "C12",
    about: "valid trailers",
    send: framed([chunked], "3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"),
    deviation: "the runtime knows no request trailers: 400",
    options: untilClosed,
    check: ({ reply: answered, sentOther }) => {
      expect(answered.status).toBe(400);
      expect(answered.ended).toBeOneOf(["fin", "reset"]);
      expect(sentOther).toEqual([]);
    },
    nginx: "differs",
  },
  ...each(
    "C13",
    ["Authorization: Bearer x", "Content-Length: 50", "x-api-key: attacker", "Host: evil"],
    (line) => ({
      about: `a trailer ${line} is ignored or refused`,
      send: framed([chunked], `3\r\nabc\r\n0\r\n${line}\r\n\r\n`),
      check: ({ reply: answered, sent }: Exchange) => {
        expect([200, 400]).toContain(answered.status);
        for (const each of sent) expect(each.raw().toString("latin1")).not.toContain(line);
      },
    }),
  ),
  ...each("C14", ["fin", "reset"] as const, (after) => ({
    about: `a chunked body cut by ${after} is not whole upstream`,
    send: [framed([chunked], "3\r\nabc\r\n"), 50],
    options: { after, timeoutMs: 300, replies: Infinity },
    silent: true as const,
    check: nothingWhole,
    nginx: "meets" as const,
  })),
  ...each("C14", ["fin", "reset"] as const, (after) => ({
    about: `a body of known length cut by ${after} is not whole upstream`,
    send: [framed(["Content-Length: 10"], "abc"), 50],
    options: { after, timeoutMs: 300, replies: Infinity },
    silent: true as const,
    check: nothingWhole,
    nginx: "meets" as const,
  })),
  {
    id: "C14",
    about: "a streamed body cut short is aborted upstream",
    send: [framed(["Content-Length: 200000"], "a".repeat(100_000)), 50],
    options: { after: "reset", timeoutMs: 300, replies: Infinity },
    silent: true,
    check: nothingWhole,
    nginx: "meets",
  },
];

const events: Script = [
  {
    write:
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n",
  },
  { wait: 150 },
  { write: "9\r\ndata: 2\n\n\r\n0\r\n\r\n" },
];

const several: readonly Row[] = [
  {
    id: "C15",
    about: "two pipelined requests",
    send: get("/pt/one") + get("/pt/two"),
    deviation: "the runtime does not pipeline",
    options: { replies: 2, timeoutMs: 1_000 },
    silent: true,
    check: ({ reply: answered, sent }) => {
      expect(answered.responses.length).toBeLessThan(2);
      expect(sent.length).toBeLessThanOrEqual(1);
    },
    nginx: "differs",
  },
  {
    id: "C16",
    about: "a second request during an event stream",
    send: [get("/pt/events"), 60, get("/pt/second")],
    script: ({ target }) => (target.endsWith("events") ? events : [reply(200, [], "{}")]),
    deviation: "the runtime cuts the stream",
    options: { replies: 2, timeoutMs: 1_000 },
    check: ({ reply: answered }) => expect(answered.complete).toBe(false),
    nginx: "differs",
  },
  {
    id: "C17",
    about: "a stray CRLF behind a body, then the next request",
    send: [post("/pt/one", "abc"), 60, "\r\n", get("/pt/two")],
    deviation: "400 and close for the second",
    options: { replies: 2, timeoutMs: 1_000 },
    check: ({ reply: answered, sent }) => {
      expect(answered.responses.map(({ status }) => status)).toEqual([200, 400]);
      expect(sent.map((each) => each.target)).toEqual(["/base/one"]);
    },
    nginx: "differs",
  },
  {
    id: "C18",
    about: "a CRLF before the request line",
    send: `\r\n${get("/pt/one")}`,
    deviation: "400",
    options: untilClosed,
    check: refusedAndClosed(400),
    nginx: "differs",
  },
  {
    id: "C19",
    about: "Expect: 100-continue gets its 100, then the answer",
    send: [framed(["Content-Length: 3", "Expect: 100-continue"], ""), 60, "abc"],
    check: ({ reply: answered, sent }) => {
      expect(answered.responses.map(({ status }) => status)).toEqual([100, 200]);
      expect(only(sent).body().toString()).toBe("abc");
      expect(up(sent, "expect")).toEqual([]);
    },
    nginx: "meets",
  },
  {
    id: "C20",
    about: "an unknown expectation is ignored or a 417",
    send: framed(["Content-Length: 3", "Expect: 200-ok"], "abc"),
    check: ({ reply: answered, sent }) => {
      expect([200, 417]).toContain(answered.status);
      if (answered.status === 200) expect(up(sent, "expect")).toEqual([]);
    },
    nginx: "meets",
  },
];

const notHttp = [
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
  "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n",
  "\0\x01\x02\xff\xfe\r\n\r\n",
  "SSH-2.0-OpenSSH_9\r\n\r\n",
];

const wholeness: readonly Row[] = [
  ...each("C21", notHttp, (bytes) => ({
    about: `${JSON.stringify(bytes.slice(0, 8))} is not HTTP/1.1`,
    send: bytes,
    options: untilClosed,
    check: refusedAndClosed(400, 505),
    nginx: "meets" as const,
  })),
  ...each(
    "C22",
    [
      ["Content-Length: 3\r\n\r\nabc"],
      ["Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"],
      ["X-A: 1\r\n\r\nabc"],
    ],
    ([rest = ""]) => ({
      about: `one framing for a reply with ${rest.split(":")[0]}`,
      send: get("/pt/c"),
      script: [{ write: `HTTP/1.1 200 OK\r\n${rest}` }, { wait: 20 }, { end: "close" }],
      check: ({ reply: answered }: Exchange) => {
        expect(answered.complete).toBe(true);
        expect(answered.body.toString()).toBe("abc");
        const { values } = answered;
        expect([...values("content-length"), ...values("transfer-encoding")].length).toBe(1);
      },
      nginx: "meets" as const,
    }),
  ),
];

/** Table C, the part about where a message ends and the next begins. */
export const connections: readonly Row[] = [...trailers, ...several, ...wholeness];
