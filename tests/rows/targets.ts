import { expect } from "bun:test";
import { hosts } from "./hosts.ts";
import * as rows from "./row.ts";
import type { Exchange, Row } from "./row.ts";

const { each, forwarded, get, only, refused, request } = rows;

/** The target goes up as sent, under `/base` in place of `/pt`. */
const kept = (target: string): Omit<Row, "id"> => ({
  about: `${target} is kept`,
  send: get(target),
  check: forwarded(target.replace("/pt", "/base")),
  nginx: "meets",
});

/** The target gets one of these statuses, and nothing goes up. */
const never =
  (...statuses: number[]) =>
  (target: string): Omit<Row, "id"> => ({
    about: `${target} is answered with ${statuses.join(" or ")}`,
    send: get(target),
    check: refused(...statuses),
  });

/** The same rows, which nginx meets too. */
const alsoNginx =
  <T>(make: (value: T) => Omit<Row, "id">) =>
  (value: T): Omit<Row, "id"> => ({ ...make(value), nginx: "meets" });

/** Nothing went up but, at most, this target. */
const atMost =
  (target: string, ...statuses: number[]) =>
  ({ reply, sent, sentOther }: Exchange) => {
    expect([200, ...statuses]).toContain(reply.status);
    expect(sentOther).toEqual([]);
    expect(sent.map((each) => each.target)).toEqual(reply.status === 200 ? [target] : []);
  };

const spelling: readonly Row[] = [
  { id: "A01", ...kept("/pt/a/b?x=1") },
  { id: "A02", ...kept("/pt/a%2Fb") },
  ...each("A03", ["/pt/%e2%82%ac", "/pt/%7Ea", "/pt/%E2%82%AC/%7ea"], kept),
  ...each(
    "A04",
    ["/pt/v1/m:gen", "/pt/a;v=1/b", "/pt/@x", "/pt/a%3Fb", "/pt/a+b$c,d!e~f*(g)"],
    kept,
  ),
  ...each("A05", ["/pt/a//b", "/pt//a", "/pt/a//"], kept),
  { id: "A06", ...kept("/pt/q?b=%20+%2B&c&c=&d=a%26b&c=2") },
  {
    id: "A07",
    about: "a bare ? at the end",
    send: get("/pt/a?"),
    deviation: "it is taken for no query",
    check: forwarded("/base/a"),
    nginx: "differs",
  },
  {
    id: "A08",
    about: "odd bytes of a query",
    send: get("/pt/q?q='\"<>{}|^[]`"),
    deviation: "fetch sends ' \" < > percent-encoded",
    check: forwarded("/base/q?q=%27%22%3C%3E{}|^[]`"),
    nginx: "differs",
  },
  {
    id: "A09",
    about: "odd bytes of a path",
    send: get('/pt/{}|^"<>'),
    deviation: "fetch sends them percent-encoded",
    check: ({ reply, sent }) => {
      expect(reply.status).toBe(200);
      expect(decodeURIComponent(only(sent).target)).toBe('/base/{}|^"<>');
    },
    nginx: "meets",
  },
];

const escapes: readonly Row[] = [
  {
    id: "A10",
    about: "a dot segment is the same path for match and upstream",
    send: get("/pt/./a"),
    check: forwarded("/base/a"),
    nginx: "differs",
  },
  ...each(
    "A11",
    ["/pt/../admin/x", "/pt/a/../../x", "/pt/..", "/pt/../ptx", "/pt/x/../../pt/../x"],
    alsoNginx(never(404)),
  ),
  ...each("A11", ["/pt/../routes", "/pt/../guarded/x", "/pt/a/../../guarded"], never(401)),
  {
    id: "A11",
    about: "dot segments into another route are that route, with its key",
    send: get("/pt/../pt2/x"),
    check: ({ reply, sent, sentOther }) => {
      expect(reply.status).toBe(200);
      expect(sent).toEqual([]);
      expect(only(sentOther).target).toBe("/other/x");
    },
  },
  ...each(
    "A12",
    ["/pt/%2e%2e/x", "/pt/.%2e/x", "/pt/%2E./x", "/pt/%2E%2E", "/pt/a/%2e%2e/%2e%2e/x"],
    alsoNginx(never(404)),
  ),
  ...each("A12", ["/pt/%2e%2e/guarded/x", "/pt/%2e%2e/routes"], never(401)),
  ...each(
    "A13",
    ["/pt/..%2fx", "/pt/..%5cx", "/pt/a/..%2F..%2Fx", "/pt/%2e%2e%2fx", "/pt/%2E%2e%5Cx"],
    never(400),
  ),
  ...each("A14", ["/pt/%252e%252e/x", "/pt/..%252fx", "/pt/..a/b", "/pt/a../b", "/pt/.../b"], kept),
  ...each("A15", ["/pt/..\\x", "/pt\\..\\x", "/pt/a\\..\\..\\x"], never(400, 404)),
  {
    id: "A15",
    about: "a backslash is a slash for match and upstream, or refused",
    send: get("/pt\\a\\b"),
    check: atMost("/base/a/b", 400, 404),
  },
  ...each("A16", ["//pt/x", "//evil.com/x", "///pt/x", "/\\evil.com/x"], never(400, 404)),
];

const matching: readonly Row[] = [
  ...each("A17", ["/ptx", "/pt2x", "/ptx/a", "/pt-", "/pt.", "/pt;x", "/pt%2Fa", "/p"], never(404)),
  ...each("A18", ["/PT/a", "/%70t/a", "/Pt2/a", "/pt%32/a"], never(404)),
  ...each("A18", ["/GUARDED/a", "/%67uarded/a", "/Routes", "/%72outes"], never(401, 404)),
  {
    id: "A19",
    about: "the bare path is the target itself",
    send: get("/pt"),
    check: forwarded("/base"),
  },
  {
    id: "A19",
    about: "a final slash goes up",
    send: get("/pt/?x"),
    check: forwarded("/base/?x"),
    nginx: "meets",
  },
  ...each("A19", ["/guarded", "/guarded/", "/guarded/a", "/guarded?x", "/routes"], never(401)),
  { id: "A19", ...never(401, 404)("/routes/") },
  ...each("A20", ["/pt/%zz", "/pt/a%00b", "/pt/%", "/pt/%2"], (target) => ({
    about: `${target} is literal or refused`,
    send: get(target),
    check: atMost(target.replace("/pt", "/base"), 400),
    nginx: "meets",
  })),
  {
    id: "A21",
    about: "raw UTF-8 in the path is percent-encoded or refused",
    send: get(Buffer.from("/pt/café").toString("latin1")),
    check: atMost("/base/caf%C3%A9", 400),
    nginx: "differs",
  },
  {
    id: "A21",
    about: "a raw Latin-1 byte is never a 500",
    send: get("/pt/caf\xe9"),
    check: ({ reply, sent }) => {
      expect([200, 400]).toContain(reply.status);
      if (reply.status === 200) expect(only(sent).target).toMatch(/^\/base\/caf%[\x21-\x7e]+$/);
    },
  },
  {
    id: "A22",
    about: "a fragment is dropped or refused",
    send: get("/pt/a?x=1#f"),
    check: atMost("/base/a?x=1", 400),
    nginx: "differs",
  },
];

const forms: readonly Row[] = [
  ...each(
    "A23",
    ["http://other/pt/a", "http://localhost/pt/a", "HTTP://user@other:1/pt/a"],
    (target) => ({
      about: `absolute form ${target} is routed by its path`,
      send: get(target),
      check: atMost("/base/a", 400, 401),
    }),
  ),
  {
    id: "A23",
    about: "the host of an absolute form is not a way past the key",
    send: get("http://other/local/a"),
    check: atMost("/base/local/a", 400, 401),
  },
  {
    id: "A24",
    about: "OPTIONS * stays here",
    send: request("OPTIONS *"),
    check: refused(200, 204, 400),
    nginx: "meets",
  },
  ...each("A25", ["*", "admin", "pt/a", "?x", "localhost:443", "http:/pt/a"], (target) => ({
    about: `GET ${target} is refused`,
    send: get(target),
    check: refused(400),
    nginx: "meets" as const,
  })),
  {
    id: "A26",
    about: "CONNECT opens no tunnel",
    send: request("CONNECT localhost:443"),
    check: refused(400, 405, 501),
    nginx: "meets",
  },
  { id: "A27", ...kept(`/pt/${"a".repeat(7_990)}`), about: "a target of 8,000 bytes is accepted" },
  {
    id: "A27",
    about: "a query of 8,000 bytes, too",
    send: get(`/pt?${"a=1&".repeat(1_990)}`),
    check: forwarded(`/base?${"a=1&".repeat(1_990)}`),
  },
  {
    id: "A28",
    about: "a target of 20 KB is refused",
    send: get(`/pt/${"a".repeat(20_480)}`),
    check: refused(414, 431),
    nginx: "meets",
  },
];

/** Table A: the request target. */
export const targets: readonly Row[] = [...spelling, ...escapes, ...matching, ...forms, ...hosts];
