import { afterAll, describe, expect, test } from "bun:test";
import { networkInterfaces } from "node:os";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { config, errorType, get, masterKey, request, readingFor } from "./wire.ts";

const upstream = await startRawUpstream();
const routes = [
  `path: /true, target: "${upstream.url}/", auth: true, include_subpath: true`,
  `path: /missing, target: "${upstream.url}/", include_subpath: true`,
  `path: /false, target: "${upstream.url}/", auth: false, include_subpath: true`,
  `path: /basic, target: "${upstream.url}/", auth: true, custom_auth_parser: langfuse`,
  `path: /caller, target: "${upstream.url}/", auth: true, headers: { litellm_user_api_key: x-mine }`,
];
const gateway = await startGateway(
  config(routes, `master_key: ${masterKey}`, "litellm_key_header_name: X-Gate-Key"),
);
const keyless = await startGateway(config(routes));

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await keyless[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

async function call(target: string, lines: readonly string[] = [], port = gateway.port) {
  const before = upstream.requests.length;
  const reply = await rawRequest(port, get(target, ...lines));
  const wentUp = upstream.requests.length - before;
  expect(wentUp).toBe(reply.status === 200 ? 1 : 0);
  return reply;
}

const rules = ["/true", "/missing", "/false"] as const;

/** What makes a caller somebody else than the person at this machine. */
const elsewhere: readonly (readonly string[])[] = [
  ["Host: gateway.example"],
  ["Host: gateway.example:4000"],
  ["Host: localhost.example"],
  ["Host: 127.0.0.1.example"],
  ["Host: 10.0.0.1"],
  ["Host: a"],
  ["X-Forwarded-For: 127.0.0.1"],
  ["X-Forwarded-Host: localhost"],
  ["X-Forwarded-Proto: http"],
  ["X-Forwarded-Anything: x"],
  ["X-Real-IP: 127.0.0.1"],
  ["Forwarded: for=127.0.0.1"],
  ["Via: 1.1 tunnel"],
  ["Origin: https://page.example"],
  ["Origin: null"],
  ["Origin: http://localhost.example"],
  ["Origin: http://127.0.0.1.example"],
  ["Origin: http://user@page.example"],
  ["Origin: chrome-extension://abc"],
];

/** What does not. */
const here: readonly (readonly string[])[] = [
  [],
  ["Host: localhost"],
  ["Host: LOCALHOST:4000"],
  ["Host: 127.0.0.1:4000"],
  ["Host: 127.9.8.7"],
  ["Host: [::1]:4000"],
  ["Host: 0.0.0.0:4000"],
  ["Origin: http://localhost:3000"],
  ["Origin: http://127.0.0.1:8080"],
  ["Origin: https://[::1]"],
];

describe("no key", () => {
  test.each(here)("at this machine: %s %s", async (...lines) => {
    const statuses = await Promise.all(rules.map((rule) => statusOf(rule, lines)));

    expect(statuses).toEqual([401, 200, 200]);
  });

  test.each(elsewhere)("from elsewhere: %s %s", async (...lines) => {
    const statuses = await Promise.all(rules.map((rule) => statusOf(rule, lines)));

    expect(statuses).toEqual([401, 401, 200]);
  });

  test("a sub-path is authorised like the path", async () => {
    for (const path of ["/true/", "/true/a", "/true//", "/true/%2e", "/missing/../true/x"]) {
      expect([path, await statusOf(path, [])]).toEqual([path, 401]);
    }
  });

  test("every method is authorised", async () => {
    for (const method of ["GET", "HEAD", "OPTIONS", "POST", "DELETE", "PROPFIND"]) {
      const reply = await rawRequest(gateway.port, request(`${method} /true`), readingFor(method));
      expect([method, reply.status]).toEqual([method, 401]);
    }
  });
});

/** Each place in which a client may show its key. */
const places = (key: string): readonly string[] => [
  `X-Gate-Key: ${key}`,
  `x-litellm-api-key: ${key}`,
  `x-litellm-api-key: Bearer ${key}`,
  `Authorization: Bearer ${key}`,
  `authorization: bearer ${key}`,
  `Authorization: ${key}`,
  `Authorization: Token ${key}`,
  `Authorization: Key ${key}`,
  `Authorization: Bearer   ${key}  `,
  `api-key: ${key}`,
  `x-api-key: ${key}`,
  `x-goog-api-key: ${key}`,
  `xi-api-key: ${key}`,
  `api_token: ${key}`,
  `Ocp-Apim-Subscription-Key: ${key}`,
];

describe("a key", () => {
  test.each(places(masterKey))("the master key is one: %s", async (line) => {
    for (const elsewhereLines of [[], ["Host: gateway.example"], ["Origin: https://p.example"]]) {
      const statuses = await Promise.all(
        rules.map((rule) => statusOf(rule, [line, ...elsewhereLines])),
      );
      expect(statuses).toEqual([200, 200, 200]);
    }
  });

  test.each(places(`${masterKey}x`))("another one is none: %s", async (line) => {
    const atHome = await Promise.all(rules.map((rule) => statusOf(rule, [line])));
    const away = await Promise.all(rules.map((rule) => statusOf(rule, [line, "Host: g.example"])));

    expect(atHome).toEqual([401, 200, 200]);
    expect(away).toEqual([401, 401, 200]);
  });

  test.each([
    ["a part of it", masterKey.slice(0, -1)],
    ["its beginning", masterKey.slice(0, 8)],
    ["another case", masterKey.toUpperCase()],
    ["nothing", ""],
    ["the word", "null"],
    ["with more behind", `${masterKey} x`],
    ["in a list", `${masterKey}, x`],
  ])("what only looks like it opens nothing: %s", async (_, key) => {
    expect(await statusOf("/true", [`Authorization: Bearer ${key}`])).toBe(401);
    expect(await statusOf("/true", [`x-api-key: ${key}`])).toBe(401);
  });

  test.each(["X-Other", "X-Mine", "Cookie", "x-pass-authorization", "x_api_key", "Referer"])(
    "%s is no place for one",
    async (name) => {
      expect(await statusOf("/true", [`${name}: ${masterKey}`])).toBe(401);
    },
  );

  test("the refusal says what kind of key is wanted", async () => {
    const reply = await call("/true", ["Authorization: Bearer sk-wrong"]);

    expect(errorType(reply)).toBe("key_invalid");
    expect(reply.values("www-authenticate")).toEqual(["Bearer"]);
    expect(reply.values("x-litellm-call-id").length).toBe(1);
  });

  test.each([`${masterKey}:`, `${masterKey}:anything`, `anything:${masterKey}`, `:${masterKey}`])(
    "custom_auth_parser: langfuse finds it in Basic, on that route alone",
    async (pair) => {
      const line = `Authorization: Basic ${btoa(pair)}`;

      expect(await statusOf("/basic", [line])).toBe(200);
      expect(await statusOf("/true", [line])).toBe(401);
      expect(await statusOf("/basic", [`Authorization: Basic ${btoa("a:b")}`])).toBe(401);
    },
  );

  test("?key= is a place for it on Google's paths, and on no others", async () => {
    for (const path of [
      "/true/v1beta/models/gemini-pro:generateContent",
      "/true/v1beta/models",
      "/true/upload/v1beta/files",
      "/true/v1/models/gemini-pro:streamGenerateContent",
    ]) {
      expect([path, await statusOf(`${path}?alt=sse&key=${masterKey}`, [])]).toEqual([path, 200]);
      expect([path, await statusOf(`${path}?key=${masterKey}x`, [])]).toEqual([path, 401]);
    }
    for (const path of ["/true", "/true/v1/rerank", "/true/models"]) {
      expect([path, await statusOf(`${path}?key=${masterKey}`, [])]).toEqual([path, 401]);
    }
  });

  test("the header that litellm_user_api_key names is a place for it, on that route alone", async () => {
    expect(await statusOf("/caller", [`X-Mine: ${masterKey}`])).toBe(200);
    expect(await statusOf("/caller", [`X-Mine: Bearer ${masterKey}`])).toBe(200);
    expect(await statusOf("/true", [`X-Mine: ${masterKey}`])).toBe(401);
  });
});

describe("no master key", () => {
  test("where a key is needed the 401 says that there is none", async () => {
    const wanted = await call("/true", ["Authorization: Bearer anything"], keyless.port);
    const away = await call("/missing", ["Host: gateway.example"], keyless.port);

    for (const reply of [wanted, away]) {
      expect(reply.status).toBe(401);
      expect(errorType(reply)).toBe("key_unavailable");
      expect(reply.body.toString()).toContain("master_key");
    }
  });

  test("no key is needed at this machine, nor where anyone may call", async () => {
    expect((await call("/missing", [], keyless.port)).status).toBe(200);
    expect((await call("/false", ["Host: gateway.example"], keyless.port)).status).toBe(200);
  });

  test.each(["", "undefined", "null", "Bearer "])("an empty key is none: %p", async (key) => {
    for (const line of [`Authorization: Bearer ${key}`, `x-api-key: ${key}`]) {
      expect((await call("/true", [line], keyless.port)).status).toBe(401);
    }
  });

  test("the environment's LITELLM_MASTER_KEY is one", async () => {
    await using fromEnvironment = await startGateway(config(routes), {
      env: { LITELLM_MASTER_KEY: masterKey },
    });

    const { port } = fromEnvironment;
    expect((await call("/true", [`Authorization: Bearer ${masterKey}`], port)).status).toBe(200);
    expect((await call("/true", [], port)).status).toBe(401);
  });
});

const hasIpv6 = Object.values(networkInterfaces()).some((each) =>
  each?.some(({ address }) => address === "::1"),
);

test.skipIf(!hasIpv6)("::1 is this machine too, and auth holds there", async () => {
  const statuses: number[] = [];
  for (const lines of [["Host: [::1]:4000"], ["Host: localhost"], ["Host: gateway.example"]]) {
    const options = { hostname: "::1" };
    statuses.push((await rawRequest(gateway.port, get("/missing", ...lines), options)).status);
  }
  const wanted = await rawRequest(gateway.port, get("/true"), { hostname: "::1" });

  expect([...statuses, wanted.status]).toEqual([200, 200, 401, 401]);
});

describe("another listener than loopback", () => {
  test("nobody is at this machine there", async () => {
    await using open = await startGateway(config(routes, `master_key: ${masterKey}`), {
      args: ["--host", "0.0.0.0"],
    });

    const bare: number[] = [];
    for (const rule of rules) bare.push((await call(rule, [], open.port)).status);
    const shown = await call("/missing", [`x-api-key: ${masterKey}`], open.port);

    expect(bare).toEqual([401, 401, 200]);
    expect(shown.status).toBe(200);
  });
});

async function statusOf(target: string, lines: readonly string[]): Promise<number> {
  return (await rawRequest(gateway.port, get(target, ...lines))).status;
}
