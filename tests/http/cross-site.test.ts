import { expect, test } from "bun:test";
import { rawRequest } from "../helpers/raw-client.ts";
import {
  ask,
  masterKey,
  ownPage,
  type SessionApp,
  signedIn,
  signIn,
  startSessionApp,
} from "./session-app.ts";

type Headers = Record<string, string>;

/** What a page of elsewhere can make a browser send, each with the cookie as if nothing had kept it back. */
const attacks: readonly (readonly [name: string, headers: (app: SessionApp) => Headers])[] = [
  [
    "a form of another site",
    () => ({
      "content-type": "application/x-www-form-urlencoded",
      origin: "https://evil.example",
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
    }),
  ],
  ["JSON as text/plain", () => ({ "content-type": "text/plain", origin: "https://evil.example" })],
  ["a fetch without the header", (app) => ({ origin: app.url, "sec-fetch-site": "same-origin" })],
  ["nothing but a cookie", () => ({})],
  ["another origin", (app) => ({ ...ownPage(app), origin: "https://evil.example" })],
  ["another port", (app) => ({ ...ownPage(app), origin: "http://127.0.0.1:1" })],
  ["no port", (app) => ({ ...ownPage(app), origin: "http://127.0.0.1" })],
  ["a name that begins alike", (app) => ({ ...ownPage(app), origin: `${app.url}.evil.example` })],
  ["the name as a user", (app) => ({ ...ownPage(app), origin: `${app.url}@evil.example` })],
  ["a user before the name", (app) => ({ ...ownPage(app), origin: `http://evil@${app.host}` })],
  ["a hidden origin", (app) => ({ ...ownPage(app), origin: "null" })],
  ["an empty origin", (app) => ({ ...ownPage(app), origin: "" })],
  ["another scheme", (app) => ({ ...ownPage(app), origin: `file://${app.host}` })],
  ["another site", (app) => ({ ...ownPage(app), "sec-fetch-site": "cross-site" })],
  ["another port of this host", (app) => ({ ...ownPage(app), "sec-fetch-site": "same-site" })],
  ["the address bar", (app) => ({ ...ownPage(app), "sec-fetch-site": "none" })],
  ["a word that no browser says", (app) => ({ ...ownPage(app), "sec-fetch-site": "Same-Origin" })],
  ["another value of the header", (app) => ({ ...ownPage(app), "x-tollgate-page": "true" })],
];

test.each(attacks)("a change by cookie is refused from %s", async (_, headers) => {
  using app = startSessionApp();
  const { cookie } = await signedIn(app);
  const sent = { "content-type": "application/json", ...headers(app), cookie };

  const made = await ask(app, "POST /key/generate", sent, "{}");
  const all = await ask(app, "DELETE /ui/sessions", { ...headers(app), cookie });
  const out = await ask(app, "DELETE /ui/session", { ...headers(app), cookie });
  const signed = await ask(
    app,
    "POST /ui/session",
    { "content-type": "application/json", ...headers(app) },
    JSON.stringify({ key: masterKey }),
  );

  for (const reply of [made, all, out, signed]) {
    expect([reply.status, reply.type]).toEqual([403, "cross_site"]);
    expect(reply.headers.has("set-cookie")).toBe(false);
  }
  expect(app.book.list({}, { by: "alias", descending: false }, { page: 1, size: 5 }).total).toBe(0);
  expect((await ask(app, "GET /routes", { cookie })).status).toBe(200);
  expect(app.failures).toEqual([]);
});

test("reading by cookie is for the page and the address bar", async () => {
  using app = startSessionApp();
  const { cookie } = await signedIn(app);
  const read = async (headers: Headers, line = "GET /routes") =>
    (await ask(app, line, { cookie, ...headers })).status;

  expect(await read({})).toBe(200);
  expect(await read({ "sec-fetch-site": "none" })).toBe(200);
  expect(await read({ "sec-fetch-site": "same-origin", origin: app.url })).toBe(200);
  for (const site of ["cross-site", "same-site", "", "x"]) {
    expect([site, await read({ "sec-fetch-site": site })]).toEqual([site, 403]);
  }
  expect(await read({ origin: "https://evil.example" })).toBe(403);
  expect(await read({ "sec-fetch-site": "cross-site" }, "GET /ui/session")).toBe(403);
});

test("a key in a header needs none of it: no browser adds one unasked", async () => {
  using app = startSessionApp();
  const { cookie } = await signedIn(app);
  const headers = {
    authorization: `Bearer ${masterKey}`,
    "content-type": "application/json",
    origin: "https://dashboard.example",
    "sec-fetch-site": "cross-site",
  };

  const alone = await ask(app, "POST /key/generate", headers, "{}");
  const beside = await ask(app, "POST /key/generate", { ...headers, cookie }, "{}");

  expect([alone.status, beside.status]).toEqual([200, 200]);
});

test("an origin of cors_origins may not use the cookie either", async () => {
  using app = startSessionApp({ settings: "  cors_origins: [https://app.example]\n" });
  const { cookie } = await signedIn(app);
  const headers = { ...ownPage(app), cookie, origin: "https://app.example" };

  const read = await ask(app, "GET /routes", headers);
  const changed = await ask(app, "POST /key/generate", headers, "{}");

  expect([read.type, changed.type]).toEqual(["cross_site", "cross_site"]);
});

test("an origin is the same with its scheme's own port written or not", async () => {
  using app = startSessionApp();
  const at = (host: string, origin: string) => signIn(app, masterKey, { host, origin });

  expect((await at("localhost:80", "http://localhost")).status).toBe(204);
  expect((await at("localhost", "http://localhost")).status).toBe(204);
  expect((await at("LOCALHOST", "http://localhost")).status).toBe(204);
  expect((await at("localhost:443", "https://localhost")).status).toBe(204);
  expect((await at("localhost:80", "https://localhost")).status).toBe(403);
  expect((await at("admin.example.com", "https://admin.example.com")).status).toBe(204);
});

test("under a name that is rebound to this address nothing answers: no sign-in, no session, no page", async () => {
  using app = startSessionApp();
  const { cookie } = await signedIn(app);
  const rebound = { ...ownPage(app), host: "evil.example", origin: "http://evil.example", cookie };

  const replies = [
    await signIn(app, masterKey, rebound),
    await ask(app, "GET /ui/session", rebound),
    await ask(app, "DELETE /ui/session", rebound),
    await ask(app, "GET /ui/sessions", rebound),
    await ask(app, "GET /routes", rebound),
    await ask(app, "GET /ui", rebound),
    await ask(app, "GET /ui/routes/new", rebound),
  ];

  expect(replies.map(({ status }) => status)).toEqual([421, 421, 421, 421, 421, 421, 421]);
  expect((await ask(app, "GET /routes", { cookie })).status).toBe(200);
});

test("two Host or Origin lines are nobody's own", async () => {
  using app = startSessionApp();
  const { cookie } = await signedIn(app);
  const send = async (...lines: string[]) => {
    const all = [`DELETE /ui/sessions HTTP/1.1`, ...lines, `Cookie: ${cookie}`];
    const head = [...all, "X-Tollgate-Page: 1", "", ""].join("\r\n");
    return (await rawRequest(app.port, head)).status;
  };
  const host = `Host: ${app.host}`;

  expect(await send(host, `Origin: ${app.url}`, "Origin: https://evil.example")).toBe(403);
  expect(await send(host, "Origin: https://evil.example", `Origin: ${app.url}`)).toBe(403);
  expect(await send(host, "Host: evil.example", `Origin: ${app.url}`)).not.toBe(204);
  expect(await send(host, `Origin: ${app.url}`)).toBe(204);
});
