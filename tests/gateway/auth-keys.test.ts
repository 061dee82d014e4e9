import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { type RawReply, rawRequest } from "../helpers/raw-client.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { adminOf } from "./admin.ts";
import { config, errorType, get, lastOf, masterKey } from "./wire.ts";

const upstream = await startRawUpstream();
const endpoint = (path: string, auth: string) =>
  `path: ${path}, target: "${upstream.url}/", include_subpath: true, forward_headers: true, custom_auth_parser: langfuse, headers: { litellm_user_api_key: x-mine }${auth}`;
const gateway = await startGateway(
  config(
    [
      endpoint("/true", ", auth: true"),
      endpoint("/missing", ""),
      endpoint("/false", ", auth: false"),
      `path: /own, target: "${upstream.url}/?key=ours", auth: true, include_subpath: true`,
    ],
    `master_key: ${masterKey}`,
    "litellm_key_header_name: X-Gate-Key",
  ),
);
const admin = adminOf(gateway.url);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

interface Place {
  readonly lines: readonly string[];
  /** Of the target. */
  readonly rest?: string;
}

/** Every place for a key. */
const places: readonly (readonly [name: string, at: (key: string) => Place])[] = [
  ["X-Gate-Key", (key) => ({ lines: [`X-Gate-Key: ${key}`] })],
  ["x-litellm-api-key", (key) => ({ lines: [`x-litellm-api-key: Bearer ${key}`] })],
  ["Authorization: Bearer", (key) => ({ lines: [`Authorization: Bearer ${key}`] })],
  ["Authorization: Token", (key) => ({ lines: [`Authorization: Token ${key}`] })],
  ["Authorization", (key) => ({ lines: [`Authorization: ${key}`] })],
  ["api-key", (key) => ({ lines: [`api-key: ${key}`] })],
  ["x-api-key", (key) => ({ lines: [`X-API-Key: ${key}`] })],
  ["x-goog-api-key", (key) => ({ lines: [`x-goog-api-key: ${key}`] })],
  ["xi-api-key", (key) => ({ lines: [`xi-api-key: ${key}`] })],
  ["api_token", (key) => ({ lines: [`api_token: ${key}`] })],
  ["Ocp-Apim-Subscription-Key", (key) => ({ lines: [`Ocp-Apim-Subscription-Key: ${key}`] })],
  ["?key=", (key) => ({ lines: [], rest: `/v1beta/models/gemini-pro:stream?alt=sse&key=${key}` })],
  ["the caller's header", (key) => ({ lines: [`X-Mine: ${key}`] })],
  ["Basic, the user", (key) => ({ lines: [`Authorization: Basic ${btoa(`${key}:x`)}`] })],
  ["Basic, the password", (key) => ({ lines: [`Authorization: Basic ${btoa(`x:${key}`)}`] })],
  [
    "SigV4",
    (key) => ({
      lines: [
        `Authorization: AWS4-HMAC-SHA256 Credential=${key}/20300101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=0`,
      ],
    }),
  ],
  ["X-Amz-Credential", (key) => ({ lines: [], rest: `/x?X-Amz-Credential=${key}%2F2030%2Fs3` })],
  [
    "sub-protocols",
    (key) => ({ lines: [`Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.${key}`] }),
  ],
];

const away = "Host: gateway.example";

/** What the three values of `auth` answer at this machine and, behind them, elsewhere. */
const expected = {
  valid: [200, 200, 200, 200, 200, 200],
  unlimited: [200, 200, 200, 200, 200, 200],
  unknown: [401, 200, 200, 401, 401, 200],
  expired: [401, 401, 401, 401, 401, 401],
  blocked: [401, 401, 401, 401, 401, 401],
  revoked: [401, 401, 401, 401, 401, 401],
  replaced: [401, 401, 401, 401, 401, 401],
  "of a blocked team": [401, 401, 401, 401, 401, 401],
  "of a team that is gone": [401, 401, 401, 401, 401, 401],
  "of a team with other routes": [403, 403, 403, 403, 403, 403],
  "for other routes": [403, 403, 403, 403, 403, 403],
} as const;

type State = keyof typeof expected;

let keys: Record<State, string>;

beforeAll(async () => {
  for (const [team_id, more] of [
    ["plain", {}],
    ["shut", { blocked: true }],
    ["gone", {}],
    ["elsewhere", { allowed_passthrough_routes: ["/elsewhere"] }],
  ] as const) {
    await admin.post("/team/new", { team_id, ...more });
  }
  keys = {
    valid: await admin.key({ team_id: "plain", duration: "1h" }),
    unlimited: await admin.key({ allowed_passthrough_routes: ["/true", "/missing", "/false/*"] }),
    unknown: "sk-unknown-0123456789abcdefghijklmnopqrstuvwxyz",
    expired: await admin.key({ duration: "1s" }),
    blocked: await admin.key(),
    revoked: await admin.key(),
    replaced: await admin.key(),
    "of a blocked team": await admin.key({ team_id: "shut" }),
    "of a team that is gone": await admin.key({ team_id: "gone" }),
    "of a team with other routes": await admin.key({ team_id: "elsewhere" }),
    "for other routes": await admin.key({ allowed_routes: ["/elsewhere/*"] }),
  };
  await admin.post("/key/block", { key: keys.blocked });
  await admin.post("/key/delete", { keys: [keys.revoked] });
  await admin.post("/key/regenerate", { key: keys.replaced });
  await admin.post("/team/delete", { team_ids: ["gone"] });
  await Bun.sleep(1_001);
});

const states = Object.keys(expected).filter((name): name is State => name in expected);

describe.each(states)("a key that is %s", (state) => {
  test.each(places)("in %s", async (_, at) => {
    const key = keys[state];
    const place = at(key);
    const statuses: number[] = [];
    for (const lines of [place.lines, [...place.lines, away]]) {
      for (const route of ["/true", "/missing", "/false"]) {
        const before = upstream.requests.length;
        const reply = await rawRequest(gateway.port, get(route + (place.rest ?? ""), ...lines));
        statuses.push(reply.status);
        expect(upstream.requests.length - before).toBe(reply.status === 200 ? 1 : 0);
        if (reply.status === 200 && state !== "unknown") await expectNowhere(key);
        if (reply.status !== 200) expectQuiet(reply, key);
      }
    }
    expect(statuses).toEqual([...expected[state]]);
  });
});

async function expectNowhere(key: string): Promise<void> {
  const raw = (await lastOf(upstream)).raw().toString("latin1");
  for (const form of [key, btoa(`${key}:x`), btoa(`x:${key}`)]) expect(raw).not.toContain(form);
}

/** One answer for each kind of refusal, and never the key. */
function expectQuiet(reply: RawReply, key: string): void {
  expect(errorType(reply)).toBe(reply.status === 401 ? "key_invalid" : "route_not_allowed");
  expect(reply.text).not.toContain(key);
  expect(reply.text).not.toContain("/elsewhere");
}

test("all that are not in force go nowhere too, wherever they stand", async () => {
  for (const key of Object.values(keys).filter((each) => each !== keys.unknown)) {
    for (const line of [
      `X-Any: ${key}`,
      `Cookie: a=1; s=${key}`,
      `x-pass-x-any: Bearer ${key}`,
      `Referer: http://localhost/?key=${key}`,
      `X-Any: {"api_key":"${key}"}`,
    ]) {
      const reply = await rawRequest(
        gateway.port,
        get(`/true?a=1&other=${key}`, line, `x-litellm-api-key: ${masterKey}`),
      );
      expect(reply.status).toBe(200);
      await expectNowhere(key);
      expect((await lastOf(upstream)).target).toBe("/?a=1");
    }
  }
});

test("in a path a key is refused, whoever calls", async () => {
  for (const key of [masterKey, ...Object.values(keys).filter((each) => each !== keys.unknown)]) {
    for (const path of [`/false/${key}/x`, `/nowhere/${key.replace("-", "%2D")}`]) {
      const before = upstream.requests.length;
      const reply = await rawRequest(gateway.port, get(path, `x-api-key: ${keys.valid}`));

      expect([reply.status, upstream.requests.length - before]).toEqual([400, 0]);
      expect(reply.text).toContain("keys do not belong into paths");
      expect(reply.text).not.toContain(key);
    }
  }
});

test("?key= gives way to the route's own, and nothing else of the query changes", async () => {
  const path = "/own/v1beta/models/gemini-pro:generateContent";
  for (const [query, ...lines] of [
    [`alt=sse&key=${keys.valid}&a=%20b&a=+`],
    [`alt=sse&key=theirs&a=%20b&a=+`, `x-goog-api-key: ${keys.valid}`],
    [`key=${keys.valid}&alt=sse&k%65y=theirs&a=%20b&a=+`],
  ]) {
    const reply = await rawRequest(gateway.port, get(`${path}?${query}`, ...lines));

    expect(reply.status).toBe(200);
    expect((await lastOf(upstream)).target.split("?")[1]).toBe("key=ours&alt=sse&a=%20b&a=+");
    await expectNowhere(keys.valid);
  }
});

test("the first place that holds a key of ours decides", async () => {
  const statusOf = async (...lines: readonly string[]) =>
    (await rawRequest(gateway.port, get("/true", ...lines))).status;

  expect(await statusOf(`x-api-key: ${keys.valid}`, `Authorization: Bearer ya29.theirs`)).toBe(200);
  expect(await statusOf(`x-api-key: ${keys.valid}`, `Authorization: ${keys.blocked}`)).toBe(401);
  expect(await statusOf(`x-api-key: ${keys.blocked}`, `Authorization: ${keys.valid}`)).toBe(200);
});

test("what an admin changes holds for the next call", async () => {
  const key = "sk-chosen-by-the-admin-0123456789";
  const statusOf = async () =>
    (await rawRequest(gateway.port, get("/true", `x-api-key: ${key}`))).status;
  const statuses = [await statusOf()];

  for (const [path, fields] of [
    ["/key/generate", { key }],
    ["/key/block", { key }],
    ["/key/unblock", { key }],
    ["/key/update", { key, allowed_passthrough_routes: ["/elsewhere"] }],
    ["/key/update", { key, allowed_passthrough_routes: ["/true"] }],
    ["/key/delete", { keys: [key] }],
  ] as const) {
    await admin.post(path, fields);
    statuses.push(await statusOf());
  }

  expect(statuses).toEqual([401, 200, 401, 200, 403, 200, 401]);
});

test("no key stands in the log", async () => {
  const written = gateway.stderr() + gateway.stdout();
  for (const key of Object.values(keys)) expect(written).not.toContain(key);
});
