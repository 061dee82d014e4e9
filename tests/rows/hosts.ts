import { expect } from "bun:test";
import * as rows from "./row.ts";
import type { Row } from "./row.ts";

const { each, forwarded, get, only, refused } = rows;

const withHost = (host: string, target = "/pt/v1/models?x=1") =>
  `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

/** A normal route goes up, whatever the rest of the check. */
const routed = forwarded("/base/v1/models?x=1");

const badHosts = [
  "gw@evil",
  "x/y?z",
  "",
  "a b",
  "h:99999",
  "[::1",
  "h:x",
  "[::1]x",
  "h\\x",
  "h#x",
  "a\tb",
  "h:80:80",
];

const names: readonly Row[] = [
  ...each(
    "A29",
    ["a", "ab", "abc", "g:1", "gateway.example.com", "[::1]:4000", "127.0.0.1"],
    (host) => ({
      about: `Host: ${host} routes like any other`,
      send: withHost(host),
      check: routed,
      nginx: "meets" as const,
    }),
  ),
  ...each("A29", ["a", "ab", "abc", "g:1"], (host) => ({
    about: `Host: ${host} leads to no other route and past no key`,
    send: withHost(host, "/guarded/pt/v1"),
    check: refused(401),
  })),
  ...each("A29", ["a", "ab", "abc", "g:1"], (host) => ({
    about: `Host: ${host} does not open an admin path`,
    send: withHost(host, "/x/routes"),
    check: refused(404),
    nginx: "meets" as const,
  })),
  ...each("A30", badHosts, (host) => ({
    about: `Host: ${JSON.stringify(host)} is refused`,
    send: withHost(host),
    check: refused(400),
  })),
];

/** By the letter of RFC 3986 these are names or nearly so; URL parsers refuse them and then leave a path as it is. */
const oddHosts = ["a%", "a%2fb", "%00", "999.999.999.999", "a.1", "[:::]", "[1.2.3.4]", "[a]"];

const odd: readonly Row[] = [
  ...each("A30", oddHosts, (host) => ({
    about: `Host: ${host} is refused, or routes like any other`,
    send: withHost(host),
    check: (exchange) =>
      exchange.reply.status === 200 ? routed(exchange) : refused(400)(exchange),
  })),
  ...["/pt/../secret", "/pt/%2e%2e/secret", "/pt/..\\secret", "/pt/.%2E/guarded/x"].flatMap(
    (path) =>
      each("A30", oddHosts, (host) => ({
        about: `Host: ${host} is no way out of the route for ${path}`,
        send: withHost(host, path),
        check: refused(400, 401, 404),
      })),
  ),
];

const queryKeys: readonly Row[] = [
  {
    id: "A31",
    about: "the caller's key leaves the query, all else stays as it was",
    send: get(`/pt/m:gen?b=%20+&key=${rows.virtualKey}&a&c=&b=2`),
    check: forwarded("/base/m:gen?b=%20+&a&c=&b=2"),
  },
  {
    id: "A31",
    about: "a percent-encoded spelling of the caller's key leaves the query",
    send: get(`/pt/m:gen?key=%73${rows.virtualKey.slice(1)}&a=1`),
    check: forwarded("/base/m:gen?a=1"),
  },
  ...each(
    "A32",
    ["key=attacker&x=1", "x=1&key=attacker", "x=1&key=a&key=b", "k%65y=attacker&x=1"],
    (query) => ({
      about: `with ?${query} the route's key is the only one`,
      send: get(`/qk/m?${query}`),
      check: ({ reply, sent }) => {
        expect(reply.status).toBe(200);
        const sentQuery = new URLSearchParams(only(sent).target.replace(/^[^?]*/, ""));
        expect(sentQuery.getAll("key")).toEqual([rows.providerKeys.qk]);
        expect(sentQuery.getAll("x")).toEqual(["1"]);
      },
    }),
  ),
];

/** Table A, the part about Host and about keys in the query. */
export const hosts: readonly Row[] = [...names, ...odd, ...queryKeys];
