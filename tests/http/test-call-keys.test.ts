import { afterAll, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { change, keyInfo, makeKey, makeTeam, spendLogs } from "../helpers/keys.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { config, lastOf, masterKey, sent } from "../gateway/wire.ts";
import { ask, tryCall } from "./trial.ts";

const upstream = await startRawUpstream();
const gateway = await startGateway(
  config(
    [
      `path: /x, target: "${upstream.url}/up", auth: true, forward_headers: true, include_subpath: true, cost_per_request: 0.5`,
      `path: /here, target: "${upstream.url}/here"`,
      `path: /open, target: "${upstream.url}/open", auth: false`,
    ],
    `master_key: ${masterKey}`,
    "litellm_key_header_name: X-House-Key",
  ),
);
const { url } = gateway;

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

const statusWith = async (key: object, headers: readonly (readonly [string, string])[] = []) => {
  const { end } = await tryCall(url, { path: "/x", key, headers });
  return [end.status, end.error?.code ?? null];
};

test("with a key that nobody can read: the call is that key's, with its tags and its spend", async () => {
  const made = await makeKey(gateway, { tags: ["its"] });

  const { end, text } = await tryCall(url, { path: "/x", key: { kind: "key", id: made.id } });

  expect(end.status).toBe(200);
  expect(await spendLogs(gateway, { request_id: end.call_id })).toMatchObject([
    { api_key: made.id, spend: 0.5, request_tags: ["its", "tollgate-test"] },
  ]);
  expect((await keyInfo(gateway, made.key)).spend).toBe(0.5);
  expect(text).not.toContain(made.key);
});

test("nothing of the key goes upstream, nor of what stands in its place", async () => {
  const { id, key } = await makeKey(gateway);

  for (const chosen of [{ kind: "key", id }, { kind: "master" }, { kind: "text", key }]) {
    await tryCall(url, { path: "/x", key: chosen, headers: [["x-mine", "1"]] });
    const request = await lastOf(upstream);
    expect(sent(request, "x-mine")).toEqual(["1"]);
    expect(request.headerLines.join("\n")).not.toContain("sk-");
  }
});

test("blocked, expired, revoked and overspent keys are refused as in real life", async () => {
  const blocked = await makeKey(gateway);
  await change(gateway, "/key/block", { key: blocked.key });
  const expired = await makeKey(gateway, { duration: "1s" });
  const team = await makeTeam(gateway);
  const inTeam = await makeKey(gateway, { team_id: team });
  await change(gateway, "/team/update", { team_id: team, blocked: true });
  const poor = await makeKey(gateway, { max_budget: 0.1 });
  const narrow = await makeKey(gateway, { allowed_routes: ["/other"] });
  const revoked = await makeKey(gateway);
  await change(gateway, "/key/delete", { keys: [revoked.key] });
  await Bun.sleep(1_100);

  const of = (id: string) => statusWith({ kind: "key", id });
  expect(await of(blocked.id)).toEqual([401, "key_invalid"]);
  expect(await of(expired.id)).toEqual([401, "key_invalid"]);
  expect(await of(inTeam.id)).toEqual([401, "key_invalid"]);
  expect(await of(narrow.id)).toEqual([403, "route_not_allowed"]);
  expect(await of(poor.id)).toEqual([429, "budget_exceeded"]);
  const gone = await ask(url, { path: "/x", key: { kind: "key", id: revoked.id } });
  expect([gone.status, await gone.text()]).toEqual([
    400,
    expect.stringContaining("there is no key with this id"),
  ]);
});

test("a key as text is what it is; no key is no key", async () => {
  const { key } = await makeKey(gateway);

  expect(await statusWith({ kind: "text", key })).toEqual([200, null]);
  expect(await statusWith({ kind: "text", key: masterKey })).toEqual([200, null]);
  expect(await statusWith({ kind: "text", key: "sk-0123456789abcdef0123" })).toEqual([
    401,
    "key_invalid",
  ]);
  expect(await statusWith({ kind: "none" })).toEqual([401, "key_invalid"]);
  expect(await statusWith({ kind: "none" }, [["x-api-key", key]])).toEqual([200, null]);
});

test("the client's own Authorization stays beside a chosen key", async () => {
  const { id } = await makeKey(gateway);

  const { end } = await tryCall(url, {
    path: "/x",
    key: { kind: "key", id },
    headers: [["Authorization", "Basic dXBzdHJlYW06cGFzc3dvcmQ="]],
  });

  expect(end.status).toBe(200);
  expect(sent(await lastOf(upstream), "authorization")).toEqual(["Basic dXBzdHJlYW06cGFzc3dvcmQ="]);
});

test.each(["x-litellm-api-key", "X-House-Key"])(
  "two keys at once are refused: %s",
  async (name) => {
    const reply = await ask(url, {
      path: "/x",
      key: { kind: "master" },
      headers: [[name, "sk-0123456789abcdef0123"]],
    });

    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain("take one");
  },
);

test("whoever sits at this machine is there for a test too, unless a proxy stands between", async () => {
  const here = await tryCall(url, { path: "/here" });
  const far = await tryCall(
    url,
    { path: "/here" },
    { headers: { "x-forwarded-for": "192.0.2.7" } },
  );
  const open = await tryCall(url, { path: "/open" });

  expect([here.end.status, far.end.status, open.end.status]).toEqual([200, 401, 200]);
});

test("a one-time token is good for its own call alone", async () => {
  upstream.scripts.set("/up/echo", [{ write: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" }]);
  const { id } = await makeKey(gateway);
  const { text } = await tryCall(url, { path: "/x/echo", key: { kind: "key", id } });

  expect(text).not.toMatch(/sk-[\w-]{20,}/); // it is shown nowhere, so nobody could use it again
});

test("only admins try out calls", async () => {
  const { key } = await makeKey(gateway);
  const admin = await makeKey(gateway, { user_role: "proxy_admin" });
  const order = { path: "/open" };

  expect((await ask(url, order, { key })).status).toBe(403);
  expect((await ask(url, order, { key: "sk-0123456789abcdef0123" })).status).toBe(401);
  expect((await fetch(`${url}/ui/test`, { method: "POST" })).status).toBe(401);
  expect((await tryCall(url, order, { key: admin.key })).end.status).toBe(200);
});

test("a page's session may try out calls, another page with its cookie may not", async () => {
  const signedIn = await fetch(`${url}/ui/session`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-tollgate-page": "1", origin: url },
    body: JSON.stringify({ key: masterKey }),
  });
  const cookie = (signedIn.headers.get("set-cookie") ?? "").replace(/;.*$/s, "");
  const order = Buffer.from(JSON.stringify({ method: "POST", path: "/open" }));
  const test = (headers: Record<string, string>) =>
    fetch(`${url}/ui/test`, {
      method: "POST",
      headers: { cookie, "x-tollgate-test": order.toString("base64url"), ...headers },
    });
  const before = upstream.requests.length;

  expect((await test({ origin: url })).status).toBe(403);
  expect((await test({ "x-tollgate-page": "1", origin: "http://evil.example" })).status).toBe(403);
  expect(upstream.requests.length).toBe(before);
  const own = await test({ "x-tollgate-page": "1", origin: url });
  expect([own.status, await own.text()]).toEqual([200, expect.stringContaining('"type":"end"')]);
  expect((await lastOf(upstream)).headerLines.join("\n").toLowerCase()).not.toContain("cookie");
});
