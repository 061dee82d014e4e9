import { expect } from "bun:test";
import * as rows from "./row.ts";
import type { Row } from "./row.ts";

const { each, get, refused, refusedAndClosed, untilClosed, up, upWith } = rows;

const bad = (
  about: string,
  send: string,
  nginx: "meets" | "differs",
  statuses = [400],
): Omit<Row, "id"> => ({
  about,
  send,
  options: untilClosed,
  check: refusedAndClosed(...statuses),
  nginx,
});

const faults: readonly Row[] = [
  { id: "B13", ...bad("a folded line", get("/pt/h", "X-A: 1", " 2"), "meets") },
  { id: "B13", ...bad("a fold with a tab", get("/pt/h", "X-A: 1", "\t2"), "meets") },
  { id: "B14", ...bad("a blank before the colon", get("/pt/h", "X-S : a"), "meets") },
  { id: "B15", ...bad("NUL in a value", get("/pt/h", "X-A: a\0b"), "meets") },
  { id: "B15", ...bad("a bare CR in a value", get("/pt/h", "X-A: a\rb"), "meets") },
  { id: "B15", ...bad("a bare LF in a value", get("/pt/h", "X-A: a\nX-B: b"), "differs") },
  {
    id: "B16",
    ...bad(
      "lines that end in LF",
      "GET /pt/h HTTP/1.1\nHost: localhost\n\n",
      "differs",
      [400, 505],
    ),
  },
  { id: "B17", ...bad("no Host", "GET /pt/h HTTP/1.1\r\n\r\n", "meets") },
  ...each(
    "B18",
    [
      get("/pt/h", "Host: localhost"),
      get("/pt/h", "Host: other"),
      get("/pt/h").replace("localhost", "a, b"),
    ],
    (send) => ({
      about: `two hosts: ${send.split("\r\n").slice(1, 3).join(" ")}`,
      send,
      check: refused(400),
      nginx: "meets" as const,
    }),
  ),
  ...each(
    "B20",
    ["HTTP/1.2", "HTTP/2.0", "HTTP/3.0", "http/1.1", "HTTP/1.10", "HTTP/11"],
    (version) => ({
      about: `version ${version}`,
      send: `GET /pt/h ${version}\r\nHost: localhost\r\n\r\n`,
      options: untilClosed,
      check: refusedAndClosed(400, 505),
    }),
  ),
  { id: "B20", ...bad("no version", "GET /pt/h\r\n\r\n", "differs", [400, 505]) },
  { id: "B21", ...bad("a line without colon", get("/pt/h", "nonsense"), "differs") },
  { id: "B21", ...bad("a bad byte in a name", get("/pt/h", "X(A): 1"), "differs") },
  { id: "B21", ...bad("a blank in a name", get("/pt/h", "X A: 1"), "meets") },
  { id: "B21", ...bad("an empty name", get("/pt/h", ": 1"), "meets") },
];

const many = (count: number) => Array.from({ length: count }, (_, index) => `X-H${index}: v`);

const sizes: readonly Row[] = [
  {
    id: "B19",
    about: "HTTP/1.0 is served, closed, and not chunked",
    send: "GET /pt/h HTTP/1.0\r\nHost: localhost\r\n\r\n",
    options: untilClosed,
    check: ({ reply: answered, sent }) => {
      expect(answered).toMatchObject({ status: 200, complete: true, ended: "fin" });
      expect(answered.framing).not.toBe("chunked");
      expect(answered.body.toString()).toBe("{}");
      expect(up(sent, "transfer-encoding")).toEqual([]);
    },
    nginx: "meets",
  },
  {
    id: "B22",
    about: "100 headers",
    send: get("/pt/h", ...many(100)),
    check: upWith({ "x-h0": ["v"], "x-h99": ["v"] }),
    nginx: "meets",
  },
  { id: "B23", ...bad("250 headers", get("/pt/h", ...many(250)), "differs", [400, 431]) },
  ...each("B24", [15, 31], (kilobytes) => ({
    about: `${kilobytes} KB of headers are accepted`,
    send: get("/pt/h", `X-Long: ${"a".repeat(kilobytes * 1024)}`),
    check: upWith({ "x-long": ["a".repeat(kilobytes * 1024)] }),
    nginx: "differs" as const,
  })),
  {
    id: "B24",
    ...bad(
      "80 KB of headers",
      get("/pt/h", `X-Long: ${"a".repeat(80 * 1024)}`),
      "meets",
      [400, 431],
    ),
  },
  {
    id: "B30",
    ...bad(
      "a cookie bomb of 64 KB",
      get("/pt/h", `Cookie: ${"a=1; ".repeat(13_200)}`),
      "meets",
      [400, 431],
    ),
  },
  {
    id: "B30",
    about: "many cookies are served quickly",
    send: get("/pt/h", `Cookie: ${"a=1; ".repeat(6_000)}b=1`),
    check: ({ reply: answered, cpuMs }) => {
      expect([200, 400, 431]).toContain(answered.status);
      expect(cpuMs).toBeLessThanOrEqual(50);
    },
  },
  {
    id: "B30",
    about: "10,000 query parameters are served quickly or refused",
    send: get(`/pt/h?${"a=1&".repeat(10_000)}`),
    check: ({ reply: answered, cpuMs }) => {
      expect([200, 400, 414, 431]).toContain(answered.status);
      expect(cpuMs).toBeLessThanOrEqual(50);
    },
  },
];

/** Table B, the part about heads that are wrong, old or large. */
export const malformed: readonly Row[] = [...faults, ...sizes];
