import { expect } from "bun:test";
import * as rows from "./row.ts";
import type { Row } from "./row.ts";

const { each, only, refused, request, untilClosed, up } = rows;

/** Table D: methods. */
export const methods: readonly Row[] = [
  ...each("D01", ["GET", "HEAD"] as const, (method) => ({
    about: `${method} that declares a body is refused, never stripped`,
    send: request(`${method} /pt/d`, ["Content-Length: 3"], "abc"),
    options: method === "HEAD" ? { method } : {},
    check: refused(400),
    nginx: "differs" as const,
  })),
  {
    id: "D01",
    about: "GET with a chunked body is refused",
    send: request("GET /pt/d", ["Transfer-Encoding: chunked"], "3\r\nabc\r\n0\r\n\r\n"),
    check: refused(400),
    nginx: "differs",
  },
  {
    id: "D01",
    about: "GET that declares an empty body goes up",
    send: request("GET /pt/d", ["Content-Length: 0"]),
    check: ({ reply, sent }) => {
      expect(reply.status).toBe(200);
      expect(only(sent).method).toBe("GET");
    },
    nginx: "meets",
  },
  ...each("D02", ["POST", "PUT", "PATCH", "DELETE"], (method) => ({
    about: `${method} with a body`,
    send: request(`${method} /pt/d`, ["Content-Length: 3"], "a\0b"),
    check: ({ reply, sent }) => {
      expect(reply.status).toBe(200);
      expect(only(sent).method).toBe(method);
      expect(only(sent).body().toString("latin1")).toBe("a\0b");
      expect(up(sent, "content-length")).toEqual(["3"]);
    },
    nginx: "meets" as const,
  })),
  ...each("D02", ["POST", "PUT", "PATCH"], (method) => ({
    about: `${method} without body or length`,
    send: request(`${method} /pt/d`),
    check: ({ reply, sent }) => {
      expect(reply.status).toBe(200);
      expect(only(sent).method).toBe(method);
      expect(up(sent, "content-length")).toEqual(["0"]);
      expect(up(sent, "transfer-encoding")).toEqual([]);
    },
  })),
  {
    id: "D02",
    about: "DELETE without body",
    send: request("DELETE /pt/d"),
    check: ({ reply, sent }) => {
      expect(reply.status).toBe(200);
      expect(only(sent).method).toBe("DELETE");
      expect(only(sent).bodySize()).toBe(0);
    },
    nginx: "meets",
  },
  {
    id: "D02",
    about: "a chunked body goes up whole",
    send: request("POST /pt/d", ["Transfer-Encoding: chunked"], "3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"),
    check: ({ reply, sent }) => {
      expect(reply.status).toBe(200);
      expect(only(sent).body().toString()).toBe("abcd");
      expect(only(sent).ended()).toBe("complete");
    },
    nginx: "meets",
  },
  {
    id: "D03",
    about: "HEAD goes up as HEAD, the length of the would-be body comes down",
    send: request("HEAD /pt/d"),
    options: { method: "HEAD", lingerMs: 50 },
    script: [{ write: 'HTTP/1.1 200 OK\r\nContent-Length: 12345\r\nETag: "x"\r\n\r\n' }],
    check: ({ reply, sent }) => {
      expect(only(sent).method).toBe("HEAD");
      expect(reply.status).toBe(200);
      expect(reply.values("content-length")).toEqual(["12345"]);
      expect(reply.values("etag")).toEqual(['"x"']);
      expect(reply.text).toEndWith("\r\n\r\n");
    },
    nginx: "meets",
  },
  {
    id: "D03",
    about: "HEAD of a large reply keeps its length",
    send: request("HEAD /pt/d"),
    options: { method: "HEAD", lingerMs: 50 },
    script: [{ write: "HTTP/1.1 200 OK\r\nContent-Length: 1234567890\r\n\r\n" }],
    check: ({ reply }) => {
      expect(reply.values("content-length")).toEqual(["1234567890"]);
      expect(reply.text).toEndWith("\r\n\r\n");
    },
    nginx: "meets",
  },
  {
    id: "D04",
    about: "OPTIONS without body goes up",
    send: request("OPTIONS /pt/d", [
      "Origin: http://localhost:3000",
      "Access-Control-Request-Method: POST",
    ]),
    check: ({ reply, sent }) => {
      expect(reply.status).toBe(200);
      expect(only(sent).method).toBe("OPTIONS");
      expect(only(sent).bodySize()).toBe(0);
      expect(up(sent, "access-control-request-method")).toEqual(["POST"]);
    },
    nginx: "meets",
  },
  ...each("D05", ["PROPFIND", "QUERY", "PURGE"], (method) => ({
    about: `${method} goes up, or is a 405`,
    send: request(`${method} /pt/d`, ["Content-Length: 2"], "{}"),
    check: ({ reply, sent }) => {
      expect([200, 405]).toContain(reply.status);
      expect(sent.map((each) => each.method)).toEqual(reply.status === 200 ? [method] : []);
      if (reply.status === 200) expect(only(sent).body().toString()).toBe("{}");
    },
    nginx: "meets" as const,
  })),
  ...each("D06", ["FOO", "get", "M-X"], (method) => ({
    about: `unknown method ${method}`,
    send: request(`${method} /pt/d`),
    deviation: "the runtime closes the connection without a reply",
    options: untilClosed,
    silent: true as const,
    check: ({ reply, sent }) => {
      expect(reply.ended).toBeOneOf(["fin", "reset"]);
      expect(reply.text).toBe("");
      expect(sent).toEqual([]);
    },
    nginx: "differs" as const,
  })),
  {
    id: "D07",
    about: "TRACE would show our key: 405",
    send: request("TRACE /pt/d"),
    check: refused(405),
    nginx: "meets",
  },
];
