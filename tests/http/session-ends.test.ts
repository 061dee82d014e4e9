import { expect, test } from "bun:test";
import { masterKey, type SessionApp, signedIn, startSessionApp } from "./session-app.ts";

const minute = 60_000;
const hour = 60 * minute;

test("a session ends after an hour without a request, and not before", async () => {
  using app = startSessionApp();
  const browser = await signedIn(app);

  app.clock.now += hour - minute;
  const before = await browser.ask("GET /routes");
  app.clock.now += hour - 1;
  const kept = await browser.ask("GET /routes");
  app.clock.now += hour;
  const after = await browser.ask("GET /routes");

  expect([before.status, kept.status, after.status]).toEqual([200, 200, 401]);
  expect(app.store.sessions()).toEqual([]);
});

test("a session ends after twelve hours, however much is asked", async () => {
  using app = startSessionApp();
  const browser = await signedIn(app);
  const statuses: number[] = [];

  for (let minutes = 0; minutes < 12 * 60; minutes += 45) {
    statuses.push((await browser.ask("GET /routes")).status);
    app.clock.now += 45 * minute;
  }
  const { body } = await browser.ask("GET /ui/session");

  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(body).toMatchObject({ signed_in: false, actor: null, expires_at: null });
  expect((await browser.ask("GET /routes")).status).toBe(401);
});

test("that a session was seen is written once a minute", async () => {
  using app = startSessionApp();
  const start = app.clock.now;
  const browser = await signedIn(app);
  const seen: (number | undefined)[] = [];

  for (const after of [0, minute - 1, minute, minute + 5, 2 * minute]) {
    app.clock.now = start + after;
    await browser.ask("GET /routes");
    seen.push((app.store.sessions()[0]?.seenAt ?? 0) - start);
  }

  expect(seen).toEqual([0, 0, minute, minute, 2 * minute]);
});

test("another master key ends the sessions of the one before", async () => {
  using app = startSessionApp();
  const browser = await signedIn(app);

  app.rotate("sk-another-master-key-of-this-test");
  const changed = await browser.ask("GET /routes");
  app.rotate(masterKey);
  const back = await browser.ask("GET /routes");

  expect([changed.status, back.status]).toEqual([401, 401]);
});

type Ending = (app: SessionApp, id: string) => void;

const endings: readonly (readonly [what: string, end: Ending])[] = [
  ["is blocked", (app, id) => app.book.change(id, { blocked: true }, "test")],
  ["expires", (app, id) => app.book.change(id, { expiresAt: Date.now() - 1 }, "test")],
  ["is revoked", (app, id) => app.book.revoke([id], "test")],
  ["is regenerated", (app, id) => app.book.regenerate(id, {}, null, "test")],
  ["is no admin's any more", (app, id) => app.book.change(id, { role: null }, "test")],
  ["belongs to a team that is blocked", (app) => app.book.changeTeam("t", { blocked: true }, "t")],
  ["belongs to a team that is gone", (app) => app.book.removeTeams(["t"], "test")],
];

test.each(endings)("a session is over when its key %s", async (_, end) => {
  using app = startSessionApp();
  app.book.createTeam("t", {}, "test");
  const { key, record } = app.book.create({ role: "proxy_admin", teamId: "t" }, null, "test");
  const browser = await signedIn(app, key);
  const other = await signedIn(app);

  const before = await browser.ask("GET /routes");
  end(app, record.id);
  const after = await browser.ask("GET /routes");

  expect([before.status, after.status]).toEqual([200, 401]);
  expect((await other.ask("GET /routes")).status).toBe(200);
  expect(app.store.sessions().map(({ keyId }) => keyId)).toEqual([null]);
});

type Return = (app: SessionApp, id: string) => void;

const returns: readonly (readonly [what: string, end: Ending, comeBack: Return])[] = [
  [
    "is blocked, and unblocked",
    (app, id) => app.book.change(id, { blocked: true }, "test"),
    (app, id) => app.book.change(id, { blocked: false }, "test"),
  ],
  [
    "expires, and is given more time",
    (app, id) => app.book.change(id, { expiresAt: Date.now() - 1 }, "test"),
    (app, id) => app.book.change(id, { expiresAt: null }, "test"),
  ],
  [
    "is no admin's for a while",
    (app, id) => app.book.change(id, { role: null }, "test"),
    (app, id) => app.book.change(id, { role: "proxy_admin" }, "test"),
  ],
  [
    "belongs to a blocked team for a while",
    (app, id) => {
      app.book.createTeam("blocked", { blocked: true }, "test");
      app.book.change(id, { teamId: "blocked" }, "test");
    },
    (app, id) => app.book.change(id, { teamId: null }, "test"),
  ],
  [
    "belongs to a team that is blocked, and unblocked",
    (app) => app.book.changeTeam("t", { blocked: true }, "test"),
    (app) => app.book.changeTeam("t", { blocked: false }, "test"),
  ],
];

test.each(returns)("a session does not come back when its key %s", async (_, end, comeBack) => {
  using app = startSessionApp();
  app.book.createTeam("t", {}, "test");
  const { key, record } = app.book.create({ role: "proxy_admin", teamId: "t" }, null, "test");
  const browser = await signedIn(app, key);
  const other = await signedIn(app, app.book.create({ role: "proxy_admin" }, null, "test").key);

  end(app, record.id);
  comeBack(app, record.id); // nothing was asked meanwhile
  const after = await browser.ask("GET /routes");
  const again = await signedIn(app, key);

  expect(after.status).toBe(401);
  expect((await again.ask("GET /routes")).status).toBe(200);
  expect((await other.ask("GET /routes")).status).toBe(200);
});

test("a session goes on when its key or its team is changed in another way", async () => {
  using app = startSessionApp();
  app.book.createTeam("t", {}, "test");
  const { key, record } = app.book.create({ role: "proxy_admin", teamId: "t" }, null, "test");
  const browser = await signedIn(app, key);

  app.book.change(record.id, { alias: "renamed", expiresAt: Date.now() + hour }, "test");
  app.book.changeTeam("t", { alias: "renamed too" }, "test");

  expect((await browser.ask("GET /routes")).status).toBe(200);
});

test("a key that was blocked by another process, and unblocked, has no session left", async () => {
  using app = startSessionApp();
  const { key, record } = app.book.create({ role: "proxy_admin" }, null, "test");
  const browser = await signedIn(app, key);

  app.elsewhere((book) => {
    book.change(record.id, { blocked: true }, "test");
    book.change(record.id, { blocked: false }, "test");
  });

  expect((await browser.ask("GET /routes")).status).toBe(401);
});

test("nor when its key had run out by itself, and is given more time", async () => {
  using app = startSessionApp();
  const soon = Date.now() + 300;
  const { key, record } = app.book.create({ role: "proxy_admin", expiresAt: soon }, null, "test");
  const browser = await signedIn(app, key);

  await Bun.sleep(350);
  app.book.change(record.id, { expiresAt: null }, "test");

  expect((await browser.ask("GET /routes")).status).toBe(401);
  expect(app.store.sessions()).toEqual([]);
});
