import { expect } from "bun:test";
import { connections } from "./connections.ts";
import * as rows from "./row.ts";
import type { Exchange, Row } from "./row.ts";

const { each, framed, get, nothingWhole, only, refusedAndClosed, untilClosed } = rows;

const second = get("/pt/second");
const smuggled = (lines: readonly string[], body: string) => framed(lines, body) + second;

const bad = (about: string, send: string, nginx?: "meets" | "differs"): Omit<Row, "id"> => ({
  about,
  send,
  options: untilClosed,
  check: refusedAndClosed(400, 501),
  ...(nginx === undefined ? {} : { nginx }),
});

/** A fault that shows only once the body is read: the upload is broken off, never ended. */
const badLate = (about: string, send: string, nginx?: "meets" | "differs"): Omit<Row, "id"> => ({
  ...bad(about, send, nginx),
  check: (exchange) => {
    expect(exchange.reply.status).toBe(400);
    expect(exchange.reply.ended).toBeOneOf(["fin", "reset"]);
    nothingWhole(exchange);
  },
});

const chunked = "Transfer-Encoding: chunked";

const lengths: readonly Row[] = [
  {
    id: "C01",
    ...bad("CL and TE", smuggled(["Content-Length: 4", chunked], "0\r\n\r\n"), "meets"),
  },
  {
    id: "C02",
    ...bad("TE and CL", smuggled([chunked, "Content-Length: 6"], "0\r\n\r\nX"), "meets"),
  },
  {
    id: "C03",
    ...bad("two lengths", smuggled(["Content-Length: 3", "Content-Length: 5"], "abc"), "meets"),
  },
  ...each(
    "C04",
    [["Content-Length: 3", "Content-Length: 3"], ["Content-Length: 3, 3"]],
    (lines) => ({
      about: `equal lengths, ${lines.length} line(s), are one or refused`,
      send: framed(lines, "abc"),
      check: ({ reply: answered, sent }: Exchange) => {
        expect([200, 400]).toContain(answered.status);
        if (answered.status === 200) expect(only(sent).body().toString()).toBe("abc");
        else expect(sent).toEqual([]);
      },
      nginx: "meets" as const,
    }),
  ),
  ...each(
    "C05",
    ["+3", "0x3", "-1", "", "3 0", "3;", "3,4", "18446744073709551619", "99999999999999999999"],
    (value) =>
      bad(
        `Content-Length: ${JSON.stringify(value)}`,
        framed([`Content-Length: ${value}`], "abc"),
        "meets",
      ),
  ),
];

const codings: readonly Row[] = [
  ...each(
    "C06",
    [
      "gzip, chunked",
      "identity",
      "xchunked",
      "chunked, chunked",
      "\x0bchunked",
      "chunked;q=1",
      "gzip",
      "chunked, gzip",
      '"chunked"',
      "",
    ],
    (value) =>
      bad(
        `Transfer-Encoding: ${JSON.stringify(value)}`,
        framed([`Transfer-Encoding: ${value}`], "3\r\nabc\r\n0\r\n\r\n"),
        "meets",
      ),
  ),
  { id: "C06", ...bad("TE twice", framed([chunked, chunked], "3\r\nabc\r\n0\r\n\r\n"), "meets") },
  {
    id: "C06",
    ...bad(
      "TE twice, the second unknown",
      framed([chunked, "Transfer-Encoding: x"], "0\r\n\r\n"),
      "meets",
    ),
  },
  {
    id: "C07",
    ...bad(
      "HTTP/1.0 with TE",
      `POST /pt/c HTTP/1.0\r\nHost: localhost\r\n${chunked}\r\n\r\n0\r\n\r\n`,
      "meets",
    ),
  },
];

const chunkFault = (id: string, about: string, body: string, nginx?: "meets" | "differs"): Row => ({
  id,
  ...badLate(about, framed([chunked], body), nginx),
});

const chunks: readonly Row[] = [
  chunkFault("C08", "chunk size 0x3", "0x3\r\nabc\r\n0\r\n\r\n", "meets"),
  chunkFault("C08", "chunk size +3", "+3\r\nabc\r\n0\r\n\r\n", "meets"),
  chunkFault("C08", "chunk size with a blank before", " 3\r\nabc\r\n0\r\n\r\n", "meets"),
  chunkFault("C08", "chunk size -3", "-3\r\nabc\r\n0\r\n\r\n", "meets"),
  chunkFault("C08", "chunk size of 17 digits", "10000000000000003\r\nabc\r\n0\r\n\r\n", "meets"),
  chunkFault("C08", "chunk longer than its size", "3\r\nabcd\r\n0\r\n\r\n", "meets"),
  chunkFault("C08", "an empty chunk size", "\r\nabc\r\n0\r\n\r\n", "meets"),
  chunkFault("C08", "a fault in the second chunk", "3\r\nabc\r\nzz\r\nabc\r\n0\r\n\r\n", "meets"),
  {
    id: "C09",
    about: "chunk extensions are accepted and dropped",
    send: framed([chunked], '3;a=b\r\nabc\r\n2;c="d"\r\nde\r\n0;e\r\n\r\n'),
    check: ({ reply: answered, sent }) => {
      expect(answered.status).toBe(200);
      expect(only(sent).body().toString()).toBe("abcde");
      expect(only(sent).raw().toString("latin1")).not.toContain("a=b");
    },
    nginx: "meets",
  },
  chunkFault("C10", "chunk lines that end in LF", "3\nabc\n0\n\n"),
  chunkFault("C10", "LF in a chunk extension", "3;a\nb\r\nabc\r\n0\r\n\r\n"),
  {
    id: "C11",
    about: "bytes behind the last chunk",
    send: framed([chunked], `3\r\nabc\r\n0\r\nXX${second}`),
    deviation: "a 400, but the first request may have gone up; what follows never does",
    options: untilClosed,
    check: ({ reply, sent, sentOther }) => {
      expect(reply.status).toBe(400);
      expect(reply.responses.length).toBe(1);
      expect(reply.ended).toBeOneOf(["fin", "reset"]);
      expect([...sent, ...sentOther].filter(({ target }) => target !== "/base/c")).toEqual([]);
      for (const { body } of sent) expect("abc").toStartWith(body().toString("latin1"));
    },
  },
];

/** Table C: framing. */
export const framing: readonly Row[] = [...lengths, ...codings, ...chunks, ...connections];
