import { afterAll, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";

const master = "sk-master-key-of-this-test";
const authorization = `Bearer ${master}`;

/** Tells whatever it was sent, in all the ways that there are to read it. */
const upstream = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: (request) => {
    const { href, searchParams } = new URL(request.url);
    const sent = request.headers.get("authorization") ?? "";
    const basic = /^basic (.*)$/i.exec(sent)?.[1];
    return Response.json({
      href,
      parameters: Object.fromEntries(searchParams),
      headers: Object.fromEntries(request.headers),
      basic: basic === undefined ? null : atob(basic),
    });
  },
});

const at = `http://127.0.0.1:${upstream.port}`;
const basic = btoa("some-user:canary-of-basic-1");
const options = "auth: true, log: bodies";

const gateway = await startGateway(
  `general_settings:
  master_key: ${master}
  pass_through_endpoints:
    - { path: /defaults, target: "${at}/x", ${options}, default_query_params: { key: "canary/of default-1", alt: "a-harmless-default" } }
    - { path: /query, target: "${at}/x?key=canary%2Fof+query-1&alt=a-harmless-word", ${options} }
    - { path: /basic, target: "${at}/x", ${options}, headers: { Authorization: "Basic ${basic}" } }
    - { path: /two, target: "${at}/x", ${options}, headers: { x-api-key: "canary-of-key-1", x-special: "canary-of-special-1", anthropic-beta: "a-harmless-header" } }
    - { path: /plain, target: "${at}/x", ${options}, headers: { x-subscription: "canary-of-plain-1", x-title: "a-harmless-title" } }
    - { path: /place, target: os.environ/CANARY_TARGET, ${options} }
`,
  { env: { CANARY_TARGET: `${at}/bots/canary-of-path-1/send` } },
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream.stop(true);
});

test.each([
  ["/defaults", "a-harmless-default"],
  ["/query", "a-harmless-word"],
  ["/basic", "authorization"],
  ["/two", "a-harmless-header"],
  ["/plain", "a-harmless-title"],
  ["/place", "/bots/"],
])("of what %s sends upstream the log holds no credential", async (path, harmless) => {
  const reply = await fetch(gateway.url + path, { method: "POST", headers: { authorization } });
  const told = await reply.text();
  const id = reply.headers.get("x-litellm-call-id");
  const shown = await fetch(`${gateway.url}/spend/logs/ui/${id}`, { headers: { authorization } });
  const text = await shown.text();

  expect(told).toMatch(/canary/);
  expect(text).not.toMatch(/canary|Y2FuYXJ5/);
  expect(text).not.toContain(basic);
  expect(text).toContain(harmless);
});

test("a stream that puts a key together tells it nowhere, and is told of", async () => {
  const key = `sk-${"Ab1".repeat(12)}`;
  const pieces = [key.slice(0, 2), key.slice(2, 9), key.slice(9)];
  using speaker = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => {
      const events = pieces.map((content) => JSON.stringify({ choices: [{ delta: { content } }] }));
      return new Response(events.map((event) => `data: ${event}\n\n`).join(""), {
        headers: { "content-type": "text/event-stream" },
      });
    },
  });
  await using own = await startGateway(`general_settings:
  master_key: ${master}
  pass_through_endpoints:
    - { path: /up, target: "http://127.0.0.1:${speaker.port}", ${options} }
`);
  const hidden = [...key].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join("");
  const body = `{"said":"${hidden}"}`;
  const reply = await fetch(`${own.url}/up`, { method: "POST", headers: { authorization }, body });
  await reply.text();
  const id = reply.headers.get("x-litellm-call-id");
  const get = async (path: string) =>
    await (await fetch(own.url + path, { headers: { authorization } })).text();

  const shown = await get(`/spend/logs/ui/${id}`);
  const command = await get(`/spend/logs/ui/${id}/curl`);
  const found = await get(`/spend/logs/v2?search=${key}`);

  const masked = `sk-${"*".repeat(key.length - 3)}`;
  expect(JSON.parse(shown)).toMatchObject({
    messages: { said: masked },
    response: masked,
    reply: { body: "[not kept: holds a secret in pieces]", assembled: masked, truncated: true },
  });
  expect(shown + command).not.toContain(key);
  expect(shown + command).not.toContain(pieces[2] ?? "");
  expect(JSON.parse(found).data).toEqual([]);
});
