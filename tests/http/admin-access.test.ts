import { expect, test } from "bun:test";
import { type Answer, ask, makeKey, masterKey, startAdminApp } from "./admin-app.ts";

/** Every route that asks for a key, and the statuses for: no key, another key, a virtual key, an admin key, the master key. */
const guarded: readonly (readonly [line: string, statuses: readonly number[]])[] = [
  ["GET /audit", [401, 401, 403, 200, 200]],
  ["GET /health/backlog", [401, 401, 403, 200, 200]],
  ["GET /key/info", [401, 401, 200, 200, 400]],
  ["GET /key/list", [401, 401, 403, 200, 200]],
  ["GET /routes", [401, 401, 403, 200, 200]],
  ["GET /team/info", [401, 401, 403, 400, 400]],
  ["GET /team/list", [401, 401, 403, 200, 200]],
  ["POST /config/reload", [401, 401, 403, 200, 200]],
  ["POST /key/block", [401, 401, 403, 400, 400]],
  ["POST /key/delete", [401, 401, 403, 400, 400]],
  ["POST /key/generate", [401, 401, 403, 200, 200]],
  ["POST /key/regenerate", [401, 401, 403, 400, 400]],
  ["POST /key/not-there/regenerate", [401, 401, 403, 404, 404]],
  ["POST /key/unblock", [401, 401, 403, 400, 400]],
  ["POST /key/update", [401, 401, 403, 400, 400]],
  ["POST /team/delete", [401, 401, 403, 400, 400]],
  ["POST /team/new", [401, 401, 403, 200, 200]],
  ["POST /team/update", [401, 401, 403, 400, 400]],
];

test.each(guarded)("%s lets in whom it should", async (line, statuses) => {
  using app = startAdminApp();
  const virtual = makeKey(app.book).key;
  const admin = makeKey(app.book, { role: "proxy_admin" }).key;
  const [method = "", path = ""] = line.split(" ");
  const body = method === "POST" ? {} : null;

  const replies: Answer[] = [];
  for (const key of [null, "sk-another-key-of-the-test", virtual, admin, masterKey]) {
    replies.push(await app.send(ask(method, path, body, key)));
  }

  expect(replies.map(({ status }) => status)).toEqual([...statuses]);
  for (const { status, body: reply, headers } of replies) {
    if (status === 401) expect(headers.get("www-authenticate")).toBe("Bearer");
    if (status === 403) expect(reply).toMatchObject({ error: { type: "admin_only", code: "403" } });
  }
  expect(app.failures).toEqual([]);
});

test("who is not let in has neither body nor query looked at", async () => {
  using app = startAdminApp();
  let pulled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled = true;
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const headers = { host: "localhost", "content-type": "application/json" };

  const posted = await app.send(
    new Request("http://localhost/key/generate", { method: "POST", headers, body }),
  );
  const listed = await app.send(ask("GET", "/key/list?page=nonsense", null, null));

  expect([posted.status, listed.status, pulled]).toEqual([401, 401, false]);
});

test("a key may stand in three headers, the configured one first", async () => {
  using app = startAdminApp({ settings: "  litellm_key_header_name: X-Company-Key\n" });
  const ways = [
    { authorization: `Bearer ${masterKey}` },
    { authorization: masterKey },
    { "x-litellm-api-key": masterKey },
    { "x-litellm-api-key": `Bearer ${masterKey}`, authorization: "Bearer sk-other" },
    { "x-company-key": `Bearer ${masterKey}`, "x-litellm-api-key": "sk-other" },
  ];

  for (const way of ways) {
    const request = new Request("http://localhost/routes", { headers: { host: "a", ...way } });
    request.headers.set("host", "localhost");
    expect([way, (await app.send(request)).status]).toEqual([way, 200]);
  }
});

test("a blocked, expired or revoked admin key, or one of a blocked team, is like an unknown one", async () => {
  using app = startAdminApp();
  app.book.createTeam("blocked", { blocked: true }, "test");
  const role = "proxy_admin";
  const revoked = makeKey(app.book, { role });
  app.book.revoke([revoked.record.id], "test");
  const keys = [
    revoked,
    makeKey(app.book, { role, blocked: true }),
    makeKey(app.book, { role, expiresAt: Date.now() - 1 }),
    makeKey(app.book, { role, teamId: "blocked" }),
  ];

  const replies = [await app.send(ask("GET", "/routes", null, "sk-this-one-is-not-there"))];
  for (const { key } of keys.slice(0, 3))
    replies.push(await app.send(ask("GET", "/routes", null, key)));
  await app.get("/routes");
  replies.push(await app.send(ask("GET", "/routes", null, keys[3]?.key ?? null)));

  expect(replies.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
});

test("an admin key's changes are under its id", async () => {
  using app = startAdminApp();
  const { key, record } = makeKey(app.book, { role: "proxy_admin" });

  const made = await app.send(ask("POST", "/key/generate", {}, key));

  expect(made.body).toMatchObject({ created_by: record.id });
});

test("a trusted entrance needs no key, no name and no address, and acts under its own name", async () => {
  using app = startAdminApp({ trusted: "command line", settings: "  allowed_ips: [10.0.0.1]\n" });
  const request = ask("POST", "/key/generate", {}, null);
  request.headers.set("host", "anything.example");

  const made = await app.send(request);

  expect([made.status, made.body["created_by"]]).toEqual([200, "command line"]);
});

test("two entrances to one API do not share their trust", async () => {
  using trusted = startAdminApp({ trusted: "command line" });
  using open = startAdminApp();

  expect((await trusted.send(ask("GET", "/routes", null, null))).status).toBe(200);
  expect((await open.send(ask("GET", "/routes", null, null))).status).toBe(401);
});

test("after five failures in a row an address has to wait, but nobody who has a right key", async () => {
  let now = 0;
  const addressOf = ({ headers }: Request) => headers.get("x-test-address") ?? "192.0.2.1";
  using app = startAdminApp({ now: () => now, addressOf });
  const virtual = makeKey(app.book).key;
  const admin = makeKey(app.book, { role: "proxy_admin" }).key;
  const attempt = async (key: string | null, address = "192.0.2.1") => {
    const request = ask("GET", "/routes", null, key);
    request.headers.set("x-test-address", address);
    const { status, headers } = await app.send(request);
    return [status, headers.get("retry-after")];
  };

  for (let count = 0; count < 10; count++) expect(await attempt(null)).toEqual([401, null]);
  for (let count = 0; count < 5; count++) expect(await attempt("sk-guess")).toEqual([401, null]);
  expect(await attempt("sk-guess")).toEqual([429, "1"]);
  expect(await attempt(virtual)).toEqual([403, null]);
  expect(await attempt("sk-guess")).toEqual([429, "1"]);
  expect(await attempt(masterKey, "192.0.2.2")).toEqual([200, null]);
  now += 1_000;
  expect(await attempt("sk-guess")).toEqual([401, null]);
  expect(await attempt("sk-guess")).toEqual([429, "2"]);
  expect(await attempt(masterKey)).toEqual([200, null]);
  expect(await attempt("sk-guess")).toEqual([401, null]);
  for (let count = 0; count < 4; count++) await attempt("sk-guess");
  expect(await attempt(admin)).toEqual([200, null]);
});

test("a virtual key does not let its holder guess on", async () => {
  using app = startAdminApp();
  const { key } = makeKey(app.book);

  for (let count = 0; count < 5; count++) {
    await app.send(ask("GET", "/routes", null, "sk-guess"));
    await app.send(ask("GET", "/key/info", null, key));
  }

  expect((await app.send(ask("GET", "/routes", null, "sk-guess"))).status).toBe(429);
});
