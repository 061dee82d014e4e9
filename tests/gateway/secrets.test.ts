import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { type RawReply, rawRequest } from "../helpers/raw-client.ts";
import { reply, startRawUpstream } from "../helpers/raw-upstream.ts";
import { config, get, lastOf, masterKey, post, sent } from "./wire.ts";

const canaries = {
  header: "canary-provider-header-5d21",
  query: "canary-provider-query-77ae",
  path: "canary-provider-path-c03f",
  publicKey: "canary-langfuse-public-81b0",
  secretKey: "canary-langfuse-secret-92c1",
};

const secrets = [
  masterKey,
  ...Object.values(canaries),
  btoa(`${canaries.publicKey}:${canaries.secretKey}`),
];

/** Which of them a text holds: short to report, where the text is a whole log. */
const foundIn = (text: string, texts: readonly string[]) =>
  texts.filter((each) => text.includes(each));

const upstream = await startRawUpstream({
  scripts: {
    "/breaks": [
      { write: "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nab" },
      { wait: 50 },
      { end: "reset" },
    ],
    "/garbage": [{ write: "garbage\r\n\r\n" }, { end: "close" }],
    "/says-it": [reply(500, [], "upstream text")],
  },
});
const gone = "http://127.0.0.1:1";
const gateway = await startGateway(
  config(
    [
      `path: /open, target: "${upstream.url}/", auth: false, include_subpath: true, forward_headers: true`,
      `path: /base, target: "${upstream.url}/", auth: false`,
      `path: /own, target: "${upstream.url}/", auth: true, include_subpath: true, forward_headers: true, headers: { x-api-key: os.environ/HEADER_KEY }`,
      `path: /langfuse, target: "${upstream.url}/", auth: true, headers: { LANGFUSE_PUBLIC_KEY: os.environ/LF_PUBLIC, LANGFUSE_SECRET_KEY: os.environ/LF_SECRET }`,
      `path: /query, target: "${upstream.url}/?key=os.environ/QUERY_KEY", auth: true, include_subpath: true`,
      `path: /path, target: "${upstream.url}/bot/os.environ/{PATH_KEY}", auth: true, include_subpath: true`,
      `path: /gone, target: "${gone}/hidden-path?key=os.environ/QUERY_KEY", auth: true, headers: { x-api-key: os.environ/HEADER_KEY }`,
      `path: /unnamed, target: "http://hidden-host.invalid/?key=os.environ/QUERY_KEY", auth: true`,
    ],
    `master_key: ${masterKey}`,
  ),
  {
    args: ["--detailed_debug"],
    env: {
      HEADER_KEY: canaries.header,
      QUERY_KEY: canaries.query,
      PATH_KEY: canaries.path,
      LF_PUBLIC: canaries.publicKey,
      LF_SECRET: canaries.secretKey,
    },
  },
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

const replies: RawReply[] = [];

async function ask(bytes: Buffer): Promise<RawReply> {
  const answered = await rawRequest(gateway.port, bytes);
  replies.push(answered);
  return answered;
}

const bearer = `Authorization: Bearer ${masterKey}`;

const lines = [
  bearer,
  `Authorization: ${masterKey}`,
  `Authorization: Token ${masterKey}`,
  `Authorization: Basic ${btoa(`user:${masterKey}`)}`,
  `Authorization: Basic ${btoa(`${masterKey}:`)}`,
  `Authorization: basic ${btoa(masterKey)}`,
  `x-api-key: ${masterKey}`,
  `api-key: ${masterKey}`,
  `x-goog-api-key: ${masterKey}`,
  `api_token: ${masterKey}`,
  `X-Anything: ${masterKey}`,
  `X-Anything: Bearer ${masterKey}`,
  `X-Anything: a, "${masterKey}"; b=1`,
  `X-Anything: token=${masterKey}`,
  `Cookie: a=1; session=${masterKey}; b=2`,
  `Cookie: ${masterKey}`,
  `Set-Cookie: session=${masterKey}`,
  `x-pass-x-anything: ${masterKey}`,
  `x-pass-x-anything: Bearer ${masterKey}`,
  `x-pass-cookie: session=${masterKey}`,
  `Accept: ${masterKey}`,
  `Accept-Encoding: ${masterKey}`,
  `Content-Type: text/plain; token=${masterKey}`,
  `User-Agent: ${masterKey}`,
  `Referer: http://localhost/?key=${masterKey}`,
  `X-Langfuse-Public-Key: ${masterKey}`,
  `Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.${masterKey}`,
];

describe("the master key never goes upstream", () => {
  test.each(lines)("as %s", async (line) => {
    for (const path of ["/open", "/base", "/own", "/langfuse"]) {
      const authorised = line === bearer ? [line] : [line, `x-litellm-api-key: ${masterKey}`];
      const answered = await ask(get(path, ...authorised));

      expect([path, answered.status]).toEqual([path, 200]);
      const raw = (await lastOf(upstream)).raw().toString("latin1");
      const forms = [`user:${masterKey}`, `${masterKey}:`, masterKey].map((pair) => btoa(pair));
      expect(foundIn(raw, [masterKey, ...forms])).toEqual([]);
    }
  });

  test("what stands beside it in a cookie goes on", async () => {
    await ask(get("/open", `Cookie: a=1; session=${masterKey}; b=2`));

    expect(sent(await lastOf(upstream), "cookie")).toEqual(["a=1; b=2"]);
  });

  test("a body is the client's, and is not looked at", async () => {
    await ask(post("/open", `{"key":"${masterKey}"}`));

    expect((await lastOf(upstream)).body().toString()).toBe(`{"key":"${masterKey}"}`);
  });

  test("another key is not ours to take out", async () => {
    await ask(get(`/open?key=${masterKey}x`, `Authorization: Bearer x${masterKey}`));

    const { target, headerLines } = await lastOf(upstream);
    expect(target).toBe(`/?key=${masterKey}x`);
    expect(headerLines.join("\n").toLowerCase()).toContain(`authorization: bearer x${masterKey}`);
  });
});

describe("errors", () => {
  test.each([
    ["/gone", 502],
    ["/unnamed", 502],
    ["/own/breaks", 200],
    ["/own/garbage", 502],
    ["/query/garbage", 502],
    ["/path/..%2f", 400],
    ["/nothing/here", 404],
  ])("the reply to %s holds no key and no address of the upstream", async (path, status) => {
    const answered = await ask(get(path, bearer));

    expect(answered.status).toBe(status);
    const hidden = [`:${upstream.port}`, "127.0.0.1:1", "hidden-", ...Object.values(canaries)];
    const told = answered.text.replace(/^x-litellm-model-api-base: .*$/im, ""); // who has a key may know it
    expect(foundIn(told, [...hidden, masterKey])).toEqual([]);
    expect(answered.text).not.toMatch(/\bat .*\.ts|node_modules|\$bunfs/);
  });

  test("a key that is refused is not repeated", async () => {
    const answered = await ask(get("/own", "Authorization: Bearer canary-wrong-key"));

    expect(answered.status).toBe(401);
    expect(answered.text).not.toContain("canary-wrong-key");
  });

  test("what the upstream says itself is its own business", async () => {
    expect((await ask(get("/own/says-it", bearer))).body.toString()).toBe("upstream text");
  });
});

describe("after all that", () => {
  test("no key and no client's secret stands in the log, nor on the start-up page", async () => {
    await ask(get("/own?token=canary-client-query", bearer, "Cookie: id=canary-client-cookie"));
    await ask(get("/nothing?token=canary-client-query", "X-Any: canary-client-header"));
    await ask(get("/path/sub", bearer));
    await ask(get("/query/sub", bearer));
    await ask(get("/own/canary-but-a-path", bearer));
    await gateway.waitForLine(({ message }) => String(message).includes("/own/canary-but-a-path"));

    const written = gateway.stderr() + gateway.stdout();
    expect(foundIn(written, [...secrets, "canary-wrong", "canary-client"])).toEqual([]);
  });

  test("the list of routes holds none either", async () => {
    const answered = await ask(get("/routes", bearer));

    expect(answered.status).toBe(200);
    expect(foundIn(answered.text, secrets)).toEqual([]);
  });

  test("no reply held one", () => {
    const all = replies.map(({ text }) => text).join("\n");

    expect(foundIn(all, secrets)).toEqual([]);
  });

  test.skipIf(process.platform !== "linux")("nor does the process's command line", async () => {
    const line = await Bun.file(`/proc/${gateway.pid}/cmdline`).text();

    expect(foundIn(line, secrets)).toEqual([]);
  });
});
