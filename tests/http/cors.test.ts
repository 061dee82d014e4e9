import { expect, test } from "bun:test";
import { preflightReply, shareReply } from "../../src/gateway/cors.ts";

const listed = new Set(["https://app.example"]);

const request = (headers: Record<string, string>, method = "OPTIONS") =>
  new Request("http://localhost/x", { method, headers });

const preflight = {
  origin: "https://app.example",
  "access-control-request-method": "PATCH",
  "access-control-request-headers": "authorization,content-type",
};

test("a preflight of a listed origin is answered with what it asks for", () => {
  const reply = preflightReply(request(preflight), listed);

  expect(reply?.status).toBe(204);
  expect(Object.fromEntries(reply?.headers ?? [])).toEqual({
    "access-control-allow-origin": "https://app.example",
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": "PATCH",
    "access-control-allow-headers": "authorization,content-type",
    "access-control-max-age": "7200",
    vary: "origin, access-control-request-method, access-control-request-headers",
  });
});

test("a preflight of another origin learns nothing", () => {
  for (const origin of [
    "https://evil.example",
    "http://app.example",
    "null",
    "https://app.example:81",
  ]) {
    const reply = preflightReply(request({ ...preflight, origin }), listed);
    expect([origin, reply?.status]).toEqual([origin, 204]);
    expect([...(reply?.headers.keys() ?? [])]).toEqual(["vary"]);
  }
});

test("* lets every origin in, without credentials", () => {
  const reply = preflightReply(request({ ...preflight, origin: "null" }), new Set(["*"]));
  const shared = shareReply(new Response(), "https://any.example", new Set(["*"]));

  for (const headers of [reply?.headers, shared.headers]) {
    expect(headers?.get("access-control-allow-origin")).toBe("*");
    expect(headers?.has("access-control-allow-credentials")).toBe(false);
  }
});

test("what is no preflight goes its way", () => {
  const { origin } = preflight;

  expect(preflightReply(request(preflight), new Set())).toBeNull();
  expect(preflightReply(request(preflight, "POST"), listed)).toBeNull();
  expect(preflightReply(request({ origin }), listed)).toBeNull();
  expect(preflightReply(request({ "access-control-request-method": "GET" }), listed)).toBeNull();
});

test("names that are no tokens are not given back", () => {
  const headers = { ...preflight, "access-control-request-headers": "a, b c" };
  const reply = preflightReply(request(headers), listed);
  const method = { ...preflight, "access-control-request-method": "GET, POST" };

  expect(reply?.headers.has("access-control-allow-headers")).toBe(false);
  expect([...(preflightReply(request(method), listed)?.headers.keys() ?? [])]).toEqual(["vary"]);
});

test("a reply is shared with listed origins alone, whatever the upstream says", () => {
  const upstream = () =>
    new Response("x", {
      headers: {
        "access-control-allow-origin": "*",
        "access-control-allow-credentials": "true",
        vary: "accept-encoding",
        "x-request-id": "7",
      },
    });

  const shared = shareReply(upstream(), "https://app.example", listed).headers;
  const hidden = shareReply(upstream(), "https://evil.example", listed).headers;
  const plain = shareReply(upstream(), null, listed).headers;
  const off = shareReply(upstream(), "https://app.example", new Set()).headers;

  expect(shared.get("access-control-allow-origin")).toBe("https://app.example");
  expect(shared.get("access-control-allow-credentials")).toBe("true");
  expect(shared.get("access-control-expose-headers")).toContain("x-request-id");
  expect(shared.get("vary")).toBe("accept-encoding, origin");
  expect([...hidden.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  expect(hidden.get("vary")).toBe("accept-encoding, origin");
  for (const headers of [plain, off]) {
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("vary")).toBe("accept-encoding");
  }
});
