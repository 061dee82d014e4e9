import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { config, get, post } from "../gateway/wire.ts";
import { type Gateway, runTollgate, startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { reply, type RawUpstream, startRawUpstream } from "../helpers/raw-upstream.ts";
import { filesOf, type Place } from "./sweep.ts";

setDefaultTimeout(30_000);

/** Of each a part that stands nowhere else. */
const secrets = {
  master: "sk-canary-master-3f19c07a5b",
  own: "sk-canary-own-value-88d2e1f04c",
  other: "sk-canary-own-other-19aa73b6e0",
  salt: "canary-salt-5d0e9a7741bc63f2",
  header: "canary-provider-header-1b7c",
  inline: "canary-provider-inline-77fe",
  query: "canary-provider-query-c4d8",
  path: "canary-provider-path-90e3",
  publicKey: "canary-langfuse-public-02ab",
  secretKey: "canary-langfuse-secret-f1c6",
  cookie: "canary-client-cookie-6d52",
  basic: "canary-client-basic-b801",
  wrong: "sk-canary-nobodys-key-4e61d7",
  short: "sk-canary-f00",
};

/** What belongs to the upstream, or to the client and the upstream alone. */
const upstreamsOwn = [
  "header",
  "inline",
  "query",
  "path",
  "publicKey",
  "secretKey",
  "cookie",
  "basic",
];

/** Every secret by name, those that were made on the way too. */
const found = new Map(Object.entries(secrets));

let upstream: RawUpstream;
let gateway: Gateway;
let swept: readonly Place[];

const replies: Place[] = [];

async function send(name: string, bytes: Buffer): Promise<string> {
  const { text, body } = await rawRequest(gateway.port, bytes);
  replies.push({ name: `the reply to ${name}`, text });
  return body.toString();
}

const masterLine = `Authorization: Bearer ${secrets.master}`;

const admin = (path: string, fields?: object) =>
  send(
    path.replace(/\?.*/, ""),
    fields === undefined
      ? get(path, masterLine)
      : post(path, JSON.stringify(fields), masterLine, "Content-Type: application/json"),
  );

/** The one reply that may hold a key is the one that makes it. */
async function makeKey(name: string, path: string, fields: object): Promise<string> {
  const answer: unknown = JSON.parse(await admin(path, fields));
  replies.pop();
  const key: unknown = Reflect.get(Object(answer), "key");
  if (typeof key !== "string") throw new Error(JSON.stringify(answer));
  found.set(name, key);
  return key;
}

const yaml = (url: string) =>
  config(
    [
      `path: /open, target: "${url}/", auth: false, include_subpath: true, forward_headers: true`,
      `path: /header, target: "${url}/", auth: true, include_subpath: true, forward_headers: true, cost_per_request: 0.01, headers: { x-api-key: os.environ/HEADER_KEY, x-inline: ${secrets.inline} }`,
      `path: /query, target: "${url}/?key=os.environ/QUERY_KEY", auth: true, include_subpath: true`,
      `path: /path, target: "${url}/bot/os.environ/{PATH_KEY}", auth: true, include_subpath: true`,
      `path: /langfuse, target: "${url}/", auth: true, include_subpath: true, headers: { LANGFUSE_PUBLIC_KEY: os.environ/LF_PUBLIC, LANGFUSE_SECRET_KEY: os.environ/LF_SECRET }`,
      `path: /gone, target: "http://127.0.0.1:1/os.environ/{PATH_KEY}?key=os.environ/QUERY_KEY", auth: true, headers: { x-api-key: os.environ/HEADER_KEY }`,
      `path: /unnamed, target: "http://hidden.invalid/?key=os.environ/QUERY_KEY", auth: true`,
    ],
    "master_key: os.environ/MASTER",
  );

const env = {
  MASTER: secrets.master,
  HEADER_KEY: secrets.header,
  QUERY_KEY: secrets.query,
  PATH_KEY: secrets.path,
  LF_PUBLIC: secrets.publicKey,
  LF_SECRET: secrets.secretKey,
  TOLLGATE_SALT_KEY: secrets.salt,
};

/** Every place that a key can stand in. */
function places(key: string): string[] {
  return [
    `Authorization: Bearer ${key}`,
    `Authorization: ${key}`,
    `Authorization: Basic ${btoa(`user:${key}`)}`,
    `Authorization: Basic ${btoa(`${key}:`)}`,
    `x-api-key: ${key}`,
    `api-key: ${key}`,
    `x-goog-api-key: ${key}`,
    `x-litellm-api-key: Bearer ${key}`,
    `Ocp-Apim-Subscription-Key: ${key}`,
    `Cookie: session=${key}`,
    `x-litellm-tags: a,${key}`,
    `x-litellm-end-user-id: ${key}`,
    `x-litellm-spend-logs-metadata: ${JSON.stringify({ note: key, [key]: 1, deep: [{ key }] })}`,
    `User-Agent: ${key}`,
    `Referer: http://localhost/?key=${key}`,
  ];
}

const routes = ["/open", "/header", "/query", "/path", "/langfuse", "/gone", "/unnamed"];

async function useOf(key: string): Promise<void> {
  for (const line of places(key)) {
    for (const route of ["/open", "/header"]) {
      const lines = /^(?:authorization|x-litellm-api)/i.test(line)
        ? [line]
        : [line, `Authorization: Bearer ${key}`];
      await send(`${route} with ${line.split(":")[0]}`, get(`${route}/a`, ...lines));
    }
  }
  for (const route of routes) {
    const lines = [
      `Authorization: Bearer ${key}`,
      `Cookie: id=${secrets.cookie}`,
      `x-own: Basic ${btoa(`me:${secrets.basic}`)}`,
    ];
    for (const path of [
      "",
      "/breaks",
      "/garbage",
      "/errs",
      `/q?key=${key}&token=${secrets.cookie}`,
    ]) {
      await send(`${route}${path.replace(/\?.*/, "")}`, get(route + path, ...lines));
    }
    const body = JSON.stringify({ model: key, user: key, metadata: { key } });
    await send(`${route} posted`, post(route, body, ...lines, "Content-Type: application/json"));
  }
}

async function adminRound(key: string): Promise<void> {
  for (const path of [
    "/key/list",
    "/key/list?return_full_object=true",
    `/key/info?key=${key}`,
    "/team/list",
    "/spend/logs",
    "/spend/logs/v2?page_size=100",
    `/spend/logs/v2?api_key=${key}`,
    "/spend/tags",
    "/spend/refusals",
    "/global/spend/report?start_date=2020-01-01&end_date=2099-01-01&group_by=tag",
    "/global/spend/report?start_date=2020-01-01&end_date=2099-01-01&group_by=api_key",
    "/audit",
    "/routes",
    "/openapi.json",
    "/health/backlog",
    "/health/readiness",
    `/key/info?key=${secrets.wrong}`,
    `/spend/logs?api_key=${secrets.wrong}`,
  ]) {
    await admin(path);
  }
  await admin("/key/generate", { key: secrets.own });
  await admin("/key/generate", { key: secrets.short });
  await admin("/key/generate", { key: secrets.other, no_such_field: 1 });
  await admin("/key/update", { key, metadata: { note: "seen" }, rpm_limit: 100_000 });
  await admin("/key/update", { key: secrets.wrong, rpm_limit: 1 });
  await admin("/key/block", { key });
  await admin("/key/unblock", { key });
  await admin("/key/delete", { keys: [secrets.wrong] });
}

beforeAll(async () => {
  upstream = await startRawUpstream({
    scripts: {
      "/breaks": [
        { write: "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nab" },
        { wait: 20 },
        { end: "reset" },
      ],
      "/garbage": [{ write: "garbage\r\n\r\n" }, { end: "close" }],
      "/errs": [reply(500, [], "upstream text")],
    },
  });
  gateway = await startGateway(yaml(upstream.url), {
    env,
    args: ["--detailed_debug", "--log-level", "debug"],
  });
  const made = await makeKey("made", "/key/generate", { key_alias: "made", max_budget: 100 });
  await makeKey("own", "/key/generate", { key: secrets.own, models: ["gpt-4o"] });
  const again = await makeKey("made before", "/key/generate", { max_budget: 5 });
  const renewed = await makeKey("regenerated", "/key/regenerate", { key: again });
  for (const key of [secrets.master, made, secrets.own, renewed, again]) await useOf(key);
  for (const line of places(secrets.wrong).slice(0, 10)) {
    for (const route of routes.slice(1)) await send(`${route}, refused`, get(route, line));
  }
  for (const key of [made, secrets.own, renewed]) await adminRound(key);
  await admin("/key/delete", { keys: [renewed] });
  await useOf(renewed);
  const broken = yaml(upstream.url).replace(/headers: \{([^}]*inline[^}]*)\}/, "headers: [$1]");
  writeFileSync(gateway.configPath, broken);
  await admin("/config/reload", {});
  await admin("/audit");
  const shell = ["keys", "list", "--data-dir", join(gateway.dir, "data")];
  const { stdout, stderr } = await runTollgate(shell, { env });
  const log = () => gateway.stderr() + gateway.stdout();
  const living = filesOf(join(gateway.dir, "data"));
  const line = readFileSync(`/proc/${gateway.pid}/cmdline`, "utf8");
  gateway.signal("SIGTERM");
  await gateway.exited;
  swept = [
    ...replies,
    { name: "the log", text: log() },
    { name: "tollgate keys list", text: stdout + stderr },
    { name: "the command line", text: line },
    ...living,
    ...filesOf(join(gateway.dir, "data")),
  ];
}, 60_000);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

/** The forms that a secret may have. */
function formsOf(secret: string): string[] {
  const pairs = [
    secret,
    `${secret}:`,
    `user:${secret}`,
    `me:${secret}`,
    `${secrets.publicKey}:${secret}`,
  ];
  return [
    secret,
    encodeURIComponent(secret),
    ...pairs.map((pair) => btoa(pair).replace(/=+$/, "")),
    Buffer.from(secret).toString("hex"),
    secret.slice(0, 20),
  ];
}

function hits({ name, text }: Place, secretName: string): string[] {
  const secret = found.get(secretName) ?? "";
  const forms = formsOf(secret).filter((form) => form.length >= 13 && text.includes(form));
  return forms.map((form) => {
    const at = text.indexOf(form);
    return `${secretName} in ${name}: …${text.slice(Math.max(0, at - 60), at)}<>`;
  });
}

describe("a secret stands in no log, file, reply or command line", () => {
  test("all that was swept is there", () => {
    const names = swept.map(({ name }) => name);
    const files = ["tollgate.db", "ledger.db", "ledger.db-wal", "tollgate.db-wal"];
    expect(files.filter((name) => !names.includes(name))).toEqual([]);
    expect(names.some((name) => name.startsWith("journal/"))).toBe(true);
    expect(replies.length).toBeGreaterThan(300);
    expect(swept.find(({ name }) => name === "the log")?.text).toContain('"level":"debug"');
  });

  test.each([...Object.keys(secrets), "made", "made before", "regenerated"])("%s", (name) => {
    expect(swept.flatMap((place) => hits(place, name))).toEqual([]);
  });
});

test("the upstream got its own secrets and none of ours", () => {
  const heads = upstream.requests.map(({ requestLine, headerLines }) =>
    [requestLine.replace(/[?&]key=sk-canary[^& ]*/, ""), ...headerLines].join("\n"),
  );
  const got = { name: "what the upstream got", text: heads.join("\n") };

  const ours = [...found.keys()].filter((name) => !upstreamsOwn.includes(name));
  expect(ours.flatMap((name) => hits(got, name))).toEqual([]);
  expect(upstreamsOwn.filter((name) => hits(got, name).length === 0)).toEqual([]);
});
