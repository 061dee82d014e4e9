import { expect, test } from "bun:test";
import {
  ask,
  type Asked,
  cookieOf,
  masterKey,
  ownPage,
  type SessionApp,
  signedIn,
  signIn,
  startSessionApp,
} from "./session-app.ts";

const minute = 60_000;
const json = { "content-type": "application/json" };

function adminKey(app: SessionApp) {
  return app.book.create({ role: "proxy_admin" }, null, "test");
}

test("a browser signs in with the master key, acts as it, and signs out", async () => {
  using app = startSessionApp();

  const opened = await signIn(app, masterKey);
  const cookie = cookieOf(opened);
  const asPage = { ...ownPage(app), cookie };
  const state = await ask(app, "GET /ui/session", { cookie });
  const made = await ask(app, "POST /key/generate", { ...asPage, ...json }, "{}");
  const closed = await ask(app, "DELETE /ui/session", asPage);
  const after = await ask(app, "GET /routes", { cookie });

  expect([opened.status, opened.text]).toEqual([204, ""]);
  expect(opened.headers.get("cache-control")).toBe("no-store");
  expect(state.body).toMatchObject({ signed_in: true, actor: "master key", has_master_key: true });
  expect(state.body["first_run"]).toBeNull();
  expect([made.status, made.body["created_by"]]).toEqual([200, "master key"]);
  expect([closed.status, after.status]).toEqual([204, 401]);
  expect(closed.headers.get("set-cookie")).toContain(`tollgate_session_${app.port}=; `);
  expect(closed.headers.get("set-cookie")).toContain("Max-Age=0");
  expect(app.failures).toEqual([]);
});

test("an admin key's session acts under the key's id", async () => {
  using app = startSessionApp();
  const { key, record } = adminKey(app);

  const browser = await signedIn(app, key);
  const made = await browser.ask("POST /key/generate", json, "{}");
  const own = await browser.ask("GET /key/info");

  expect(made.body["created_by"]).toBe(record.id);
  expect(own.body["key"]).toBe(record.id);
});

test("what is wrong with a key is not told, and no guess is told from another", async () => {
  using app = startSessionApp();
  const role = "proxy_admin";
  app.book.createTeam("blocked", { blocked: true }, "test");
  const revoked = adminKey(app);
  app.book.revoke([revoked.record.id], "test");
  const expired = app.book.create({ role, expiresAt: Date.now() - 1 }, null, "test");
  const blocked = app.book.create({ role, blocked: true }, null, "test");
  const ofTeam = app.book.create({ role, teamId: "blocked" }, null, "test");

  const replies: Asked[] = [];
  for (const { key } of [{ key: "sk-not-there" }, { key: "" }, revoked, expired, blocked, ofTeam]) {
    replies.push(await signIn(app, key));
    app.clock.attempts += 2_000;
  }
  const plain = await signIn(app, app.book.create({}, null, "test").key);

  expect(replies.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401]);
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
  expect(replies.some(({ headers }) => headers.has("set-cookie"))).toBe(false);
  expect([plain.status, plain.type]).toEqual([403, "admin_only"]);
  expect(app.store.sessions()).toEqual([]);
});

test("guesses are slowed down together with those at the admin API; a right key waits too, here alone", async () => {
  using app = startSessionApp();
  const { key } = adminKey(app);
  const guess = () => signIn(app, "sk-a-wrong-guess-of-this-test");
  const bearer = (token: string) => ask(app, "GET /routes", { authorization: `Bearer ${token}` });

  for (let count = 0; count < 3; count++) await guess();
  for (let count = 0; count < 2; count++) await bearer("sk-another-guess");
  const slowed = [await guess(), await signIn(app, masterKey), await signIn(app, key)];
  app.clock.attempts += 1_000;
  const wrong = await guess();
  const longer = await signIn(app, masterKey);
  app.clock.attempts += 2_000;
  const right = await signIn(app, masterKey);
  for (let count = 0; count < 5; count++) await guess();
  const again = await signIn(app, masterKey);
  const shown = await bearer(masterKey);

  expect(slowed.map(({ status, type }) => `${status} ${type}`)).toEqual(
    Array.from({ length: 3 }, () => "429 too_many_failures"),
  );
  expect(slowed.map(({ headers }) => headers.get("retry-after"))).toEqual(["1", "1", "1"]);
  expect(slowed.some(({ headers }) => headers.has("set-cookie"))).toBe(false);
  expect([wrong.status, longer.status, longer.headers.get("retry-after")]).toEqual([401, 429, "2"]);
  expect([right.status, again.status, shown.status]).toEqual([204, 429, 200]);
});

test("a body that is not JSON, or not a key, is refused without a word of what it held", async () => {
  using app = startSessionApp();
  const canary = "sk-canary-key-of-this-test";
  const send = (type: string, body: string) =>
    ask(app, "POST /ui/session", { ...ownPage(app), "content-type": type }, body);

  const replies = [
    await send("text/plain", JSON.stringify({ key: masterKey })),
    await send("application/x-www-form-urlencoded", `key=${canary}`),
    await send("application/json", `{"key": ["${canary}"]}`),
    await send("application/json", `{"key": "${canary}`),
    await send("application/json", JSON.stringify({ key: canary.repeat(1_000) })),
    await send("application/json", ""),
  ];

  expect(replies.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400]);
  expect(replies.map(({ text }) => text).join()).not.toContain("canary");
  expect(app.store.sessions()).toEqual([]);
});

test("a key that is shown goes before the cookie, a wrong one too", async () => {
  using app = startSessionApp();
  const virtual = app.book.create({}, null, "test").key;
  const browser = await signedIn(app);

  const wrong = await browser.ask("GET /routes", { authorization: "Bearer sk-not-there" });
  const another = await browser.ask("GET /routes", { authorization: `Bearer ${virtual}` });

  expect([wrong.status, another.status]).toEqual([401, 403]);
});

test("who is signed in can be listed, and all of them signed out", async () => {
  using app = startSessionApp();
  const { key, record } = adminKey(app);
  const first = cookieOf(await signIn(app, key, { "user-agent": "b".repeat(300) }));
  app.clock.now += minute;
  const browser = await signedIn(app);

  const { body, text } = await browser.ask("GET /ui/sessions");
  const closed = await browser.ask("DELETE /ui/sessions");
  const after = [
    await browser.ask("GET /routes"),
    await ask(app, "GET /routes", { cookie: first }),
  ];

  expect(body).toMatchObject({
    sessions: [
      { actor: "master key", current: true },
      { actor: record.id, current: false, user_agent: "b".repeat(200) },
    ],
  });
  expect(text).not.toContain(first.slice(first.indexOf("=") + 1));
  expect(closed.status).toBe(204);
  expect(after.map(({ status }) => status)).toEqual([401, 401]);
});

test("signing in again ends the browser's session of before", async () => {
  using app = startSessionApp();
  const { cookie } = await signedIn(app);

  await signIn(app, masterKey, { cookie });

  expect((await ask(app, "GET /routes", { cookie })).status).toBe(401);
  expect(app.store.sessions().length).toBe(1);
});

test("of more than a thousand sessions those go that were not seen for the longest time", async () => {
  using app = startSessionApp();
  const { cookie } = await signedIn(app);
  const at = app.clock.now + 1_000;
  app.store.atomically(() => {
    for (let number = 0; number < 1_000; number++) {
      const digest = `digest ${number}`;
      const record = { digest, id: digest, keyId: null, keyDigest: "", userAgent: "" };
      app.store.addSession({ ...record, createdAt: at, seenAt: at + number });
    }
  });

  const last = await signedIn(app);

  expect(app.store.sessions().length).toBe(1_000);
  expect((await ask(app, "GET /routes", { cookie })).status).toBe(401);
  expect(app.store.session("digest 0")).toBeNull();
  expect(app.store.session("digest 1")).not.toBeNull();
  expect((await last.ask("GET /routes")).status).toBe(200);
});

test("the audit log tells who signed in and out; neither it nor the database holds key or cookie", async () => {
  using app = startSessionApp();
  const browser = await signedIn(app);
  await browser.ask("DELETE /ui/session");
  const { key, record } = adminKey(app);
  const admin = await signedIn(app, key);

  const { items } = app.book.audit.list({}, { page: 1, size: 100 });
  const told = items.filter(({ action }) => action.startsWith("session."));
  const secrets = [browser.cookie, admin.cookie].map((cookie) => cookie.split("=")[1] ?? "");
  const database = await app.databaseText();
  const text = JSON.stringify(items) + database;

  expect(new Set(told.map(({ action, actor }) => `${action} by ${actor}`))).toEqual(
    new Set([
      "session.open by master key",
      "session.close by master key",
      `session.open by ${record.id}`,
    ]),
  );
  expect(database.includes(record.id)).toBe(true);
  for (const secret of [...secrets, key, masterKey]) {
    expect(secret.length).toBeGreaterThan(20);
    expect(text.includes(secret)).toBe(false);
  }
});

test("without a master key nobody signs in, and the page is told what it needs to know", async () => {
  using app = startSessionApp({ masterKey: null, rootPath: "/gw" });
  const headers = { ...ownPage(app), ...json };

  const state = await ask(app, "GET /gw/ui/session", {});
  const tried = await ask(app, "POST /gw/ui/session", headers, JSON.stringify({ key: "sk-1" }));

  expect(state.body).toMatchObject({
    signed_in: false,
    has_master_key: false,
    first_run: { loopback: true },
    root_path: "/gw",
  });
  expect([tried.status, tried.type]).toEqual([401, "key_unavailable"]);
});
