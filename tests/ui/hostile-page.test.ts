import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { browserTest, pageKey, Tab } from "./browser.ts";
import { callWithBodies, callWithPayloads, startEcho } from "./hostile-calls.ts";
import { fillWithPayloads, type HostileData, hostileConfig } from "./hostile-data.ts";
import { Watch } from "./hostile-watch.ts";
import { payloads } from "./payloads.ts";

/** Every detail of everything, where there is time; else each payload and each field at least once. */
const isLong = process.env["TOLLGATE_LONG"] === "1";
const some = <One>(all: readonly One[], count: number) => (isLong ? all : all.slice(0, count));

const upstream = startEcho();
let gateway: Gateway;
let made: HostileData;
let calls: readonly string[];
let bodies: ReadonlyMap<string, string>;

beforeAll(async () => {
  let t = performance.now(); const lap = (w: string) => { console.log(w, Math.round(performance.now() - t)); t = performance.now(); };
  gateway = await startGateway(hostileConfig(upstream.url.origin));
  lap("start");
  made = await fillWithPayloads(gateway, upstream.url.origin);
  lap("fill");
  calls = await callWithPayloads(gateway);
  bodies = await callWithBodies(gateway);
  lap("calls");
  await (await fetch(`${gateway.url}/ui`)).text();
  lap("ui");
}, 60_000);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream.stop(true);
});

const pathsOf = (base: string, pages: number) =>
  Array.from({ length: pages }, (_, at) => `${base}page=${at + 1}`);

test("there are two hundred payloads, and each of them is kept", async () => {
  expect(new Set(payloads).size).toBeGreaterThanOrEqual(200);
  expect(made.refused).toEqual({});
  expect([made.keys.length, made.teams.length]).toEqual([payloads.length, payloads.length]);
});

browserTest(
  "no payload runs, loads or leads anywhere, wherever it is shown",
  async () => {
    await using tab = new Tab(gateway);
    const watch = new Watch(tab);
    await watch.start();
    let t = performance.now(); const lap = (w: string) => { console.log(w, Math.round(performance.now() - t), watch.alarms.length); t = performance.now(); };

    await lookAtSignIn(tab, watch); lap("signin");
    await lookAtRoutes(tab, watch); lap("routes");
    await lookAtCalls(watch); lap("calls");
    await lookAtBodies(watch); lap("bodies");
    await lookAtKeys(tab, watch); lap("keys");
    await lookAtTheRest(watch); lap("rest");
    await tryOut(tab, watch); lap("tester");
    await askForHostileAddresses(watch); lap("addresses");

    console.log([...new Set(watch.alarms)].slice(0, 40), tab.complaints.slice(0, 10), watch.tooWide);
    console.log(watch.unseenOf(fields), watch.missing(fields));
    console.log(new Set(tab.requests.map(({url}) => new URL(url).protocol + new URL(url).origin)));
  },
  120_000,
);

const fields = [
  ...["fileid", "filepath", "filetarget", "fileparamname", "fileparam", "unknownkey", "topkey"],
  ...["id", "path", "target", "query", "paramname", "param", "sni", "usagemodel", "unit"],
  ...["alias", "user", "tag", "keymodel", "allowed", "passed", "metaname", "rpmmodel", "budgetmodel"],
  ...["teamalias", "teamtag", "teammodel", "teammetaname", "teammeta"],
  ...["model", "calltag", "enduser", "agent", "note", "callpath", "queryname", "queryvalue"],
  ...["caller", "calleruser", "callertag", "requestheader", "replyheader", "content"],
  ...["body", "event"],
];

async function lookAtSignIn(tab: Tab, watch: Watch): Promise<void> {
  await watch.load("/ui");
  await tab.fill("Key", payloads[7] ?? "");
  await tab.press("Sign in");
  await tab.shows("does not know this key");
  await watch.again();
  tab.complaints.length = 0; // of the 401
  await tab.view.evaluate(`fetch("/ui/session", {method: "POST", body: JSON.stringify({key: "${pageKey}"}),
    headers: {"content-type": "application/json", "x-tollgate-page": "1"}})`);
}

async function lookAtRoutes(tab: Tab, watch: Watch): Promise<void> {
  await watch.load("/ui/routes");
  const { endpoints } = Object(await get("/config/pass_through_endpoint"));
  const ids: string[] = endpoints.map(({ id }: { readonly id: string }) => id);
  const files = some(ids.filter((id) => !made.routes.includes(id)), 8);
  for (const id of [...some(made.routes, 8), ...files]) {
    await watch.visit(`/ui/routes/${encodeURIComponent(id)}`);
    await watch.unfold();
  }
  const [last = ""] = made.routes.slice(-1);
  await watch.visit(`/ui/routes/${encodeURIComponent(last)}`);
  await tab.press("Delete");
  await watch.again();
}

async function lookAtCalls(watch: Watch): Promise<void> {
  for (const path of pathsOf("/ui/logs?", 5)) await watch.visit(path);
  for (const id of some(calls, 4)) {
    await watch.visit(`/ui/logs/${id}`);
    await watch.leaf("[role=tab]");
  }
}

async function lookAtBodies(watch: Watch): Promise<void> {
  for (const id of bodies.values()) {
    for (const tab of ["request", "reply", "headers", "raw"]) {
      await watch.visit(`/ui/logs/${id}?tab=${tab}`);
      await watch.leaf(".logs-choices button");
    }
  }
}

async function lookAtKeys(tab: Tab, watch: Watch): Promise<void> {
  for (const path of pathsOf("/ui/keys?", 5)) await watch.visit(path);
  for (const id of some(made.keys, 3)) await watch.visit(`/ui/keys/${id}`);
  await tab.press("Edit");
  await watch.unfold();
  await watch.visit("/ui/teams");
  for (const id of some(made.teams, 3)) await watch.visit(`/ui/teams/${id}`);
  await tab.press("Delete");
  await watch.again();
}

async function lookAtTheRest(watch: Watch): Promise<void> {
  for (const page of ["spend", "health", "config"]) {
    await watch.visit(`/ui/${page}`);
    await watch.unfold();
    await watch.leaf("main [role=tab], .pager button");
  }
  for (const path of pathsOf("/ui/audit?", isLong ? 20 : 4)) {
    await watch.visit(path);
    await watch.unfold();
  }
}

async function tryOut(tab: Tab, watch: Watch): Promise<void> {
  await watch.visit(`/ui/test?route=${encodeURIComponent(made.routes[0] ?? "")}`);
  for (const name of ["events", "html", "svg", "media", "json"]) {
    await watch.visit(`/ui/test?from=${bodies.get(name)}`);
    await tab.press("Send");
    await tab.shows("Done in");
    await watch.leaf(".test-result [role=tab]");
  }
}

async function askForHostileAddresses(watch: Watch): Promise<void> {
  const names = ["search", "route", "model", "key_alias", "api_key", "team_id", "user_id"];
  const more = ["end_user", "tag", "error_code", "provider", "request_id", "tab", "range", "from"];
  const all = [...names, ...more];
  for (let at = 0; at < payloads.length; at += all.length) {
    const query = new URLSearchParams(all.map((name, index) => [name, payloads[at + index] ?? ""]));
    await watch.visit(`/ui/logs?${query}`);
  }
  for (const [at, text] of some([...payloads.entries()], 200)) {
    const page = ["routes", "logs", "keys", "teams"][at % 4];
    if (at % 10 === 0 || isLong) await watch.visit(`/ui/${page}/${encodeURIComponent(text)}`);
  }
  for (const path of [
    "/ui/routes/%3Cscript%3Epwned=1%3C%2Fscript%3E",
    "/ui/test?route=javascript:pwned=1&from=%3Cimg%20src=x%20onerror=pwned=1%3E",
    "/ui//evil.invalid/%2e%2e",
    "/ui/%2F%2Fevil.invalid",
    "/ui/%E0%A4%A",
    "/ui/logs/%",
    "/ui/logs?tab=__proto__&page=constructor#<img src=x onerror=pwned=1>",
    "/ui/audit?action=%3Cimg%20src=x%3E&actor=javascript:pwned=1",
    "/ui/keys?sort=__proto__&alias=%3Csvg/onload=pwned=1%3E",
    "/ui/spend?by=__proto__&tag=%3Cscript%3E",
  ]) {
    await watch.load(path);
  }
}

async function get(path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${pageKey}` };
  return await (await fetch(gateway.url + path, { headers })).json();
}
