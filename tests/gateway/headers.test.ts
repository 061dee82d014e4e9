import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { type RecordedRequest, startRawUpstream } from "../helpers/raw-upstream.ts";
import { config, errorType, get, lastOf, masterKey, namesOf, post, request, sent } from "./wire.ts";

const upstream = await startRawUpstream();
const at = (path: string) => `target: "${upstream.url}${path}", auth: false`;
const gateway = await startGateway(
  config(
    [
      `path: /base, ${at("/")}`,
      `path: /all, ${at("/")}, forward_headers: true`,
      `path: /own, ${at("/")}, forward_headers: true, headers: { X-Mine: route, Authorization: Bearer provider }`,
      `path: /own-query, ${at("/?key=provider")}, forward_headers: true`,
      `path: /own-odd, ${at("/")}, forward_headers: true, headers: { api_token: bria }`,
      `path: /plain, ${at("/")}, forward_headers: true, headers: { X-Mine: route, Accept: application/json }`,
      `path: /agent, ${at("/")}, headers: { User-Agent: route/1, Accept-Encoding: br, Content-Type: text/x }`,
      `path: /langfuse, ${at("/")}, headers: { LANGFUSE_PUBLIC_KEY: pk, LANGFUSE_SECRET_KEY: sk }`,
      `path: /caller, target: "${upstream.url}/", auth: true, forward_headers: true, headers: { litellm_user_api_key: X-Caller-Key }`,
    ],
    `master_key: ${masterKey}`,
    "litellm_key_header_name: X-Gate-Key",
  ),
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

async function up(path: string, ...lines: string[]): Promise<RecordedRequest> {
  const reply = await rawRequest(gateway.port, get(path, ...lines));
  if (reply.status !== 200) throw new Error(`${reply.statusLine} ${reply.body.toString()}`);
  return lastOf(upstream);
}

const runtimesOwn = ["host", "connection", "accept", "accept-encoding", "user-agent"];

describe("the base", () => {
  test("none of the client's headers go up", async () => {
    const request = await up(
      "/base",
      "X-Mine: client",
      "Authorization: Bearer client",
      "Cookie: a=1",
      "User-Agent: sdk/1",
      "Referer: http://here/",
      "X-Langfuse-Sdk-Name: python",
    );

    expect(namesOf(request).toSorted()).toEqual(runtimesOwn.toSorted());
    expect(request.raw().toString()).not.toContain("client");
    expect(sent(request, "user-agent")[0]).not.toContain("sdk");
  });

  test("those go up that describe the body, and how the reply may come", async () => {
    await rawRequest(
      gateway.port,
      post("/base", "x", "Content-Type: a/b", "Content-Encoding: x-odd", "Accept: c/d;q=0.5"),
    );

    const request = await lastOf(upstream);
    expect(sent(request, "content-type")).toEqual(["a/b"]);
    expect(sent(request, "content-encoding")).toEqual(["x-odd"]);
    expect(sent(request, "content-length")).toEqual(["1"]);
    expect(sent(request, "accept")).toEqual(["c/d;q=0.5"]);
  });

  test.each(["/base", "/all", "/own"])("accept-encoding is the client's on %s", async (path) => {
    expect(sent(await up(path, "Accept-Encoding: br;q=1, gzip"), "accept-encoding")).toEqual([
      "br;q=1, gzip",
    ]);
  });

  test.each(["/base", "/all", "/own"])("without one it is identity on %s", async (path) => {
    expect(sent(await up(path), "accept-encoding")).toEqual(["identity"]);
  });
});

describe("forward_headers", () => {
  test("all end-to-end headers go up as they are", async () => {
    const lines = [
      "X-Mine: client",
      "x_under: 1",
      "User-Agent: sdk/1 (x; y)",
      "Cookie: a=1; b=2",
      "Accept-Language: de",
      "X-Forwarded-For: 6.6.6.6",
      "Via: 1.1 somebody",
      "Referer: http://here/",
      "anthropic-version: 2023-06-01",
      "Content-Language: en",
      "Max-Forwards: 3",
      "X-Empty:",
    ];

    const request = await up("/all", ...lines);

    for (const line of lines) {
      const [name = "", value = ""] = line.split(/: ?(.*)/s);
      expect([name, ...sent(request, name)]).toEqual([name, value]);
    }
  });

  test("the trace goes on", async () => {
    const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    const request = await up("/all", `traceparent: ${trace}`, "tracestate: a=1");

    expect(sent(request, "traceparent")).toEqual([trace]);
    expect(sent(request, "tracestate")).toEqual(["a=1"]);
  });

  test.each(["/base", "/all", "/own"])("nothing tells of a proxy on %s", async (path) => {
    const names = namesOf(await up(path));

    expect(names.filter((name) => /^(via|forwarded|x-forwarded-.*|x-real-ip)$/.test(name))).toEqual(
      [],
    );
    expect(names.filter((name) => name.includes("litellm") || name.includes("tollgate"))).toEqual(
      [],
    );
  });

  test("host is the upstream's", async () => {
    expect(sent(await up("/all", "Host: other.example"), "host")).toEqual([
      `127.0.0.1:${upstream.port}`,
    ]);
  });
});

describe("headers of the connection", () => {
  test("hop-by-hop headers stay here", async () => {
    const request = await up(
      "/all",
      "Keep-Alive: timeout=5",
      "Proxy-Connection: keep-alive",
      "Proxy-Authorization: Basic abc",
      "Proxy-Authenticate: Basic",
      "TE: gzip",
      "Trailer: X-End",
      "Upgrade: foo",
      "Expect: 100-continue",
    );

    const gone = /^(keep-alive|proxy-.*|te|trailer|upgrade|expect)$/;
    expect(namesOf(request).filter((name) => gone.test(name))).toEqual([]);
  });

  test.each(["X-Sec", "x-sec , X-Other", "close, X-SEC", "keep-alive, x-sec"])(
    "what Connection names stays here: %s",
    async (named) => {
      const request = await up("/all", `Connection: ${named}`, "X-Sec: 1", "X-Kept: 2");

      expect(sent(request, "x-sec")).toEqual([]);
      expect(sent(request, "x-kept")).toEqual(["2"]);
      expect(sent(request, "connection").join()).not.toMatch(/sec/i);
    },
  );

  test("Connection cannot take the route's own headers away", async () => {
    const request = await up("/own", "Connection: authorization, x-mine");

    expect(sent(request, "authorization")).toEqual(["Bearer provider"]);
    expect(sent(request, "x-mine")).toEqual(["route"]);
  });
});

describe("credentials", () => {
  const names = [
    "Authorization",
    "x-api-key",
    "api-key",
    "x-goog-api-key",
    "xi-api-key",
    "Ocp-Apim-Subscription-Key",
  ];

  test.each(["/all", "/plain"])(
    "a client's own go on where the route has none: %s",
    async (path) => {
      for (const name of names) {
        expect(sent(await up(path, `${name}: Bearer dummy`), name)).toEqual(["Bearer dummy"]);
      }
    },
  );

  test.each(["/own", "/own-query", "/own-odd"])(
    "none go up where the route brings its own: %s",
    async (path) => {
      const request = await up(path, ...names.map((name) => `${name}: dummy`), "X-Other: kept");

      expect(request.raw().toString("latin1")).not.toContain("dummy");
      expect(sent(request, "x-other")).toEqual(["kept"]);
    },
  );
});

describe("what is meant for the gateway", () => {
  test.each(["/all", "/own"])("x-litellm-* and tags stay here on %s", async (path) => {
    const request = await up(
      path,
      "x-litellm-tags: a,b",
      "X-LiteLLM-Anything: 1",
      "x-litellm-spend-logs-metadata: {}",
      "tags: a,b",
    );

    expect(namesOf(request).filter((name) => /^(x-litellm-.*|tags)$/.test(name))).toEqual([]);
  });

  test("the header that carries the caller's key stays here, whatever is in it", async () => {
    const answered = await rawRequest(
      gateway.port,
      get("/caller", `X-Caller-Key: ${masterKey}`, "x-gate-key: something else"),
    );

    expect(answered.status).toBe(200);
    const names = namesOf(await lastOf(upstream));
    expect(names).not.toContain("x-caller-key");
    expect(names).not.toContain("x-gate-key");
    expect(names).not.toContain("litellm_user_api_key");
  });

  test("litellm_user_api_key names one header and no other", async () => {
    const wrong = await rawRequest(gateway.port, get("/caller", "X-Caller-Key: sk-wrong"));
    const other = await rawRequest(gateway.port, get("/caller", `X-Some: ${masterKey}`));

    expect([wrong.status, other.status]).toEqual([401, 401]);
    expect(errorType(wrong)).toBe("key_invalid");
  });
});

describe("the route's headers", () => {
  test.each(["/own", "/plain"])("win whatever the case of the client's: %s", async (path) => {
    const request = await up(path, "x-mine: a", "X-MINE: b");

    expect(sent(request, "x-mine")).toEqual(["route"]);
  });

  test("names are sent literally", async () => {
    const request = await up("/own-odd", "api-token: client's");

    expect(request.headerLines).toContain("api_token: bria");
    expect(sent(request, "api-token")).toEqual(["client's"]);
  });

  test("they win over what the gateway would put itself", async () => {
    const reply = await rawRequest(
      gateway.port,
      request("POST /agent", ["Content-Length: 0", "Content-Type: a/b", "User-Agent: sdk/1"]),
    );

    expect(reply.status).toBe(200);
    const recorded = await lastOf(upstream);
    expect(sent(recorded, "user-agent")).toEqual(["route/1"]);
    expect(sent(recorded, "accept-encoding")).toEqual(["br"]);
    expect(sent(recorded, "content-type")).toEqual(["text/x"]);
  });

  test("Langfuse's keys become Basic, and x-langfuse-* of the client go up", async () => {
    const request = await up(
      "/langfuse",
      `Authorization: Basic ${btoa("anything:anything")}`,
      "X-Langfuse-Sdk-Name: python",
      "x-langfuse-public-key: anything",
      "X-Other: stays here",
    );

    expect(sent(request, "authorization")).toEqual([`Basic ${btoa("pk:sk")}`]);
    expect(sent(request, "x-langfuse-sdk-name")).toEqual(["python"]);
    expect(sent(request, "x-langfuse-public-key")).toEqual([]); // the client's own, beside the route's
    expect(sent(request, "x-other")).toEqual([]);
    expect(namesOf(request).filter((name) => name.startsWith("langfuse_"))).toEqual([]);
  });
});
