import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { config, lastOf, masterKey, sent } from "../gateway/wire.ts";
import { ask, tryCall } from "./trial.ts";

const upstream = await startRawUpstream();
const gateway = await startGateway(
  config(
    [
      `path: /x, target: "${upstream.url}/up", auth: false, include_subpath: true, forward_headers: true`,
    ],
    `master_key: ${masterKey}`,
  ),
);
const { url } = gateway;

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

/** A refusal's status and message. */
async function refused(order: object | string): Promise<[number, string]> {
  const text =
    typeof order === "string" ? order : Buffer.from(JSON.stringify(order)).toString("base64url");
  const reply = await ask(url, text);
  const answer: unknown = await reply.json();
  return [reply.status, JSON.stringify(answer)];
}

test.each(["/x/a%2Fb//c", "/x/%41;b=1/?", "/x/a?b=%20&b=2&&c", "/x//", "/x/a|b/[c]?q=%ff"])(
  "a path's bytes stay: %s",
  async (path) => {
    const { end } = await tryCall(url, { method: "GET", path });

    expect(end.status).toBe(200);
    expect((await lastOf(upstream)).target).toBe(path.replace(/^\/x/, "/up").replace(/\?$/, ""));
  },
);

test.each([
  "/x/../y",
  "/x/./y",
  "/x/%2e%2e/y",
  "/x\\y",
  '/x/"',
  "/x/ y",
  "/x/ü",
  "/x/a#b",
  "/x/a\tb",
  "x",
  "http://elsewhere/x",
  "",
])("a path that would be written anew is refused: %p", async (path) => {
  const before = upstream.requests.length;

  const [status, message] = await refused({ method: "GET", path });

  expect([status, upstream.requests.length]).toEqual([400, before]);
  expect(message).toContain("path: ");
});

test("a dot segment that hides is refused in the gateway's own way", async () => {
  const { end } = await tryCall(url, { method: "GET", path: "/x/a%2F..%2Fb" });

  expect([end.status, end.error?.code]).toEqual([400, "path_invalid"]);
});

describe("methods", () => {
  test.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])(
    "%s goes up as a call of that method does",
    async (method) => {
      await (await fetch(`${url}/x/m`, { method })).text();
      const real = await lastOf(upstream);

      const { head, end } = await tryCall(url, { method, path: "/x/m" });

      const tried = await lastOf(upstream);
      expect(tried).not.toBe(real);
      expect([head.status, end.status, tried.requestLine]).toEqual([200, 200, real.requestLine]);
      expect(sent(tried, "content-length")).toEqual(sent(real, "content-length"));
      expect(sent(tried, "transfer-encoding")).toEqual(sent(real, "transfer-encoding"));
    },
  );

  test.each(["GET", "HEAD"])("%s with a body is refused as ever", async (method) => {
    const { end } = await tryCall(url, { method, path: "/x/m" }, { body: "abc" });

    expect([end.status, end.error?.code]).toEqual([400, "body_not_allowed"]);
  });

  test.each(["TRACE", "CONNECT", "get", "PURGE", ""])("%p is none", async (method) => {
    const [status, message] = await refused({ method, path: "/x" });

    expect(status).toBe(400);
    expect(message).toContain("method: one of GET");
  });
});

describe("headers", () => {
  test("go up as they are, repeats and cookies joined as a client's are", async () => {
    await tryCall(url, {
      path: "/x",
      headers: [
        ["X-One", "1"],
        ["x-one", "2"],
        ["Cookie", "a=1"],
        ["cookie", "b=2"],
        ["Content-Type", "text/plain"],
        ["X-Latin", "caf\u00e9"],
      ],
    });

    const request = await lastOf(upstream);
    expect(sent(request, "x-one")).toEqual(["1, 2"]);
    expect(sent(request, "cookie")).toEqual(["a=1; b=2"]);
    expect(sent(request, "content-type")).toEqual(["text/plain"]);
    expect(sent(request, "x-latin")).toEqual(["caf\u00e9"]);
  });

  test("of the request that asks for the test nothing goes up", async () => {
    await tryCall(
      url,
      { path: "/x" },
      {
        body: "{}",
        headers: { cookie: "tollgate_session=abc", "content-type": "a/b", "x-own": "1" },
      },
    );

    const request = await lastOf(upstream);
    const lines = request.headerLines.join("\n").toLowerCase();
    expect(lines).not.toMatch(/cookie|a\/b|x-own|x-tollgate|authorization/);
  });

  test.each([
    "Host",
    "Content-Length",
    "transfer-encoding",
    "Connection",
    "TE",
    "Upgrade",
    "expect",
  ])("%s is not for a test to set", async (name) => {
    const [status, message] = await refused({
      method: "POST",
      path: "/x",
      headers: [[name, "1"]],
    });

    expect(status).toBe(400);
    expect(message).toContain(`headers: ${name.toLowerCase()}: `);
  });

  test.each([[["bad name", "1"]], [["x", "a\r\nb: c"]], [["x", "\u20ac"]], [["x"]], "x: 1"])(
    "what is no header is refused: %p",
    async (...headers) => {
      const [status, message] = await refused({ method: "POST", path: "/x", headers });

      expect(status).toBe(400);
      expect(message).toContain("headers: a list of [name, value]");
    },
  );
});

test.each([
  ["%%%", "base64url of a JSON object"],
  ["bnVsbA", "base64url of a JSON object"],
  ["e30", "method is missing"],
  [{ method: "GET", path: "/x", more: 1 }, "more: there is no such field"],
  [{ method: "GET", path: "/x", key: { kind: "other" } }, "key: one of"],
  [{ method: "GET", path: "/x", key: { kind: "text", key: "a b" } }, "key: one of"],
  [{ method: "GET", path: "/x", tag: "no" }, "tag: true or false"],
] as const)("a description that is none is refused: %p", async (order, words) => {
  const [status, message] = await refused(order);

  expect(status).toBe(400);
  expect(message).toContain(words);
});

test("without a description nothing is tried", async () => {
  const reply = await fetch(`${url}/ui/test`, {
    method: "POST",
    headers: { authorization: `Bearer ${masterKey}` },
  });

  expect([reply.status, await reply.text()]).toEqual([
    400,
    expect.stringContaining("x-tollgate-test is missing"),
  ]);
});
