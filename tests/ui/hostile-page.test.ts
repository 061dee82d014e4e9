import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { browserTest, pageKey, Tab } from "./browser.ts";
import { callWithBodies, callWithPayloads, startEcho } from "./hostile-calls.ts";
import { fillWithPayloads, type HostileData, hostileConfig } from "./hostile-data.ts";
import { Watch } from "./hostile-watch.ts";
import { payloads } from "./payloads.ts";

/** Every detail of everything, where there is time; else each payload and each field at least once. */
const isLong = process.env["TOLLGATE_LONG"] === "1";
const limitMs = isLong ? 900_000 : 120_000;
const some = <One>(all: readonly One[], count: number) => (isLong ? all : all.slice(0, count));

const upstream = startEcho();
let gateway: Gateway;
let made: HostileData;
let calls: readonly string[];
let bodies: ReadonlyMap<string, string>;

beforeAll(async () => {
  gateway = await startGateway(hostileConfig(upstream.url.origin));
  made = await fillWithPayloads(gateway, upstream.url.origin);
  calls = await callWithPayloads(gateway);
  bodies = await callWithBodies(gateway);
  await fetch(`${gateway.url}/ui`); // from source it is built now
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

test("where only names are meant, no payload is taken", async () => {
  const text = "<img src=x onerror=pwned=1>";
  const route = { path: "/refused", target: upstream.url.origin };
  const headers = { authorization: `Bearer ${pageKey}`, "content-type": "application/json" };
  const refused: readonly (readonly [path: string, body: unknown])[] = [
    ["/config/pass_through_endpoint", { ...route, tls: { server_name: text } }],
    ["/config/pass_through_endpoint", { ...route, prices: { [text]: 1 } }],
    ["/config/pass_through_endpoint", { ...route, usage: { units: { [text]: "/x" } } }],
    ["/config/pass_through_endpoint", { ...route, provider: text }],
    ["/config/pass_through_endpoint", { ...route, methods: [text] }],
    ["/config/pass_through_endpoint", { ...route, headers: { [text]: "a" } }],
    ["/config/pass_through_endpoint", { ...route, target: "javascript:pwned=1" }],
    ["/config/pass_through_endpoint", { ...route, id: "a/b" }],
    ["/config/pass_through_endpoint", { ...route, id: "\u202ea" }],
    ["/team/new", { team_id: text }],
    ["/key/generate", { allowed_routes: ["javascript:pwned=1"] }],
  ];

  for (const [path, body] of refused) {
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    expect((await fetch(gateway.url + path, init)).status).toBe(400);
  }
});

browserTest(
  "no payload runs, loads or leads anywhere, wherever it is shown",
  async () => {
    await using tab = new Tab(gateway);
    const watch = new Watch(tab);
    await watch.start();

    await lookAtSignIn(tab, watch);
    await lookAtRoutes(tab, watch);
    await lookAtCalls(watch);
    await lookAtBodies(watch);
    await lookAtKeys(tab, watch);
    await lookAtTheRest(watch);
    await tryOut(tab, watch);
    await askForHostileAddresses(watch);

    expect([...new Set(watch.alarms)]).toEqual([]);
    expect(watch.complaints()).toEqual([]);
    expect(watch.strangeRequests()).toEqual([]);
    expect(watch.unseenOf(fields)).toEqual([]);
    expect(watch.missing(fields)).toEqual([]);
    expect(watch.missing(["model"])).toEqual([]);
    expect(watch.missing(["body"])).toEqual([]);
    expect(tab.requests.some(({ method }) => method === "POST")).toBe(true);

    // what is looked for is noticed when it is there
    await tab.view.evaluate(`document.body.insertAdjacentHTML("beforeend", ${trap})`);
    await watch.again();
    expect(watch.alarms.join()).toContain("img[onerror]");
    expect(await watch.hears("Content Security Policy")).toBe(true);
    expect(watch.complaints().join()).not.toContain("PWNED");
  },
  limitMs,
);

browserTest(
  "on a phone no payload widens the page or covers a row, and without the policy none runs either",
  async () => {
    await using tab = new Tab(gateway, { width: 390, height: 844 });
    const watch = new Watch(tab);
    await watch.start({ withoutPolicy: true });
    const unreachable: string[] = [];

    await watch.load("/ui/config");
    await signIn(tab);
    await watch.load("/ui/config");
    for (const path of await pathsForPhones()) {
      await watch.visit(path);
      await watch.unfold();
      unreachable.push(...(await watch.unreachable()));
    }

    expect([...new Set(watch.alarms)]).toEqual([]);
    expect([...new Set(watch.tooWide)]).toEqual([]);
    expect(unreachable).toEqual([]);
    expect(watch.complaints()).toEqual([]);
    expect(watch.strangeRequests()).toEqual([]);

    await tab.view.evaluate(`document.body.insertAdjacentHTML("beforeend", ${trap})`);
    expect(await watch.hears("PWNED a script ran")).toBe(true);
    expect(await watch.hears("https://evil.invalid/trap.png")).toBe(true);
  },
  limitMs,
);

test("no cell of an export is a formula", async () => {
  const headers = { authorization: `Bearer ${pageKey}` };
  const reply = await fetch(`${gateway.url}/spend/logs/export?format=csv`, { headers });
  const cells = cellsOf(await reply.text());

  expect(cells.length).toBeGreaterThan(payloads.length * 30);
  expect(cells.filter((cell) => /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(cell))).toEqual([]);
  expect(cells.filter((cell) => cell.startsWith("'=cmd|'"))).not.toEqual([]);
});

/** Of a table (RFC 4180). */
function cellsOf(csv: string): string[] {
  return [...csv.matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}

const trap = JSON.stringify("<img data-trap src=https://evil.invalid/trap.png onerror=pwned=1>");

/** Every field in which a payload is shown. */
const fields =
  `filepath filetarget fileparamname fileparam unknownkey id path target query paramname
  param usagemodel unit alias user tag keymodel allowed passed metaname rpmmodel budgetmodel
  teamalias teamtag teammodel teammetaname teammeta model calltag enduser agent note callpath
  queryname queryvalue caller calleruser callertag requestheader replyheader content body
  event`.split(/\s+/);

async function lookAtSignIn(tab: Tab, watch: Watch): Promise<void> {
  await watch.load("/ui");
  await tab.fill("Key", payloads[7] ?? "");
  await tab.press("Sign in");
  await tab.shows("does not know this key");
  await watch.again();
  await signIn(tab);
}

async function signIn({ view }: Tab): Promise<void> {
  const body = JSON.stringify(JSON.stringify({ key: pageKey }));
  await view.evaluate(`fetch("/ui/session", {method: "POST", body: ${body},
    headers: {"content-type": "application/json", "x-tollgate-page": "1"}})`);
}

async function lookAtRoutes(tab: Tab, watch: Watch): Promise<void> {
  await watch.load("/ui/routes");
  const { endpoints } = Object(await get("/config/pass_through_endpoint"));
  const ids: string[] = endpoints.map(({ id }: { readonly id: string }) => id);
  const files = some(
    ids.filter((id) => !made.routes.includes(id)),
    8,
  );
  for (const id of [...some(made.routes, 5), ...files]) {
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
  for (const id of some(calls, 3)) {
    await watch.visit(`/ui/logs/${id}`);
    await watch.leaf("[role=tab]");
  }
}

async function lookAtBodies(watch: Watch): Promise<void> {
  for (const id of bodies.values()) {
    for (const tab of ["request", "reply"]) {
      await watch.visit(`/ui/logs/${id}?tab=${tab}`);
      await watch.leaf(".choices button");
    }
  }
}

async function pathsForPhones(): Promise<string[]> {
  const zalgo = payloads.findIndex((text) => text.startsWith("Z\u0300"));
  const detail = (name: string) => `/ui/logs/${bodies.get(name)}?tab=reply`;
  return [
    "/ui/routes",
    ...made.routes.slice(-2).map((id) => `/ui/routes/${encodeURIComponent(id)}`),
    ...pathsOf("/ui/logs?", isLong ? 4 : 2),
    ...calls.slice(zalgo - 1, zalgo + 2).map((id) => `/ui/logs/${id}`),
    ...["word", "wordjson", "text"].map(detail),
    ...pathsOf("/ui/keys?", isLong ? 4 : 1),
    ...made.keys.slice(-1).map((id) => `/ui/keys/${id}`),
    "/ui/teams",
    ...made.teams.slice(-1).map((id) => `/ui/teams/${id}`),
    "/ui/spend",
    "/ui/health",
    "/ui/config",
    "/ui/audit",
    `/ui/test?from=${bodies.get("word")}`,
    `/ui/logs?search=${"W".repeat(300)}&tag=%E2%80%AEgpj`,
  ];
}

async function lookAtKeys(tab: Tab, watch: Watch): Promise<void> {
  for (const path of pathsOf("/ui/keys?", 5)) await watch.visit(path);
  for (const id of some(made.keys, 2)) await watch.visit(`/ui/keys/${id}`);
  await tab.press("Edit");
  await watch.unfold();
  await watch.visit("/ui/teams");
  for (const id of some(made.teams, 2)) await watch.visit(`/ui/teams/${id}`);
  await tab.press("Delete");
  await watch.again();
}

async function lookAtTheRest(watch: Watch): Promise<void> {
  for (const page of ["spend", "health", "config"]) {
    await watch.visit(`/ui/${page}`);
    await watch.unfold();
    await watch.leaf("main [role=tab], .pager button");
  }
  for (const group of ["model", "tag", "customer", "user", "api_key"]) {
    await watch.visit(`/ui/spend?group=${group}&show=calls`);
    await watch.unfold();
  }
  for (const path of pathsOf("/ui/audit?", isLong ? 20 : 2)) {
    await watch.visit(path);
    await watch.unfold();
  }
}

async function tryOut(tab: Tab, watch: Watch): Promise<void> {
  await watch.visit(`/ui/test?route=${encodeURIComponent(made.routes[0] ?? "")}`);
  for (const name of ["events", "html", "svg", "json"]) {
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
    const query = new URLSearchParams();
    for (const [index, name] of all.entries()) query.set(name, payloads[at + index] ?? "");
    await watch.visit(`/ui/logs?${query}`);
  }
  for (const [at, text] of payloads.entries()) {
    const page = ["routes", "logs", "keys", "teams"][at % 4];
    if (at % 40 === 0 || isLong) await watch.visit(`/ui/${page}/${encodeURIComponent(text)}`);
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
