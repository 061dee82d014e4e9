import { expect, test } from "bun:test";
import { ask, idIn, keyIn, makeKey, masterKey, startAdminApp } from "./admin-app.ts";

test("a key is made with nothing said, and shown this once", async () => {
  using app = startAdminApp();

  const made = await app.post("/key/generate", {});
  const looked = await app.get(`/key/info?key=${idIn(made)}`);

  expect(made.status).toBe(200);
  expect(keyIn(made)).toMatch(/^sk-[A-Za-z0-9_-]{43}$/);
  expect(made.headers.get("cache-control")).toBe("no-store");
  expect(made.body).toMatchObject({
    key_name: `sk-...${keyIn(made).slice(-4)}`,
    key_alias: null,
    expires: null,
    models: [],
    max_budget: null,
    metadata: {},
    blocked: false,
    created_by: "master key",
  });
  expect(made.body["token"]).toBe(made.body["token_id"]);
  expect(looked.body).toEqual({
    key: idIn(made),
    info: expect.objectContaining({ token: idIn(made), spend: 1.5, held: 0.25 }),
  });
  expect(looked.text).not.toContain(keyIn(made));
  expect(await app.databaseText()).not.toContain(keyIn(made).slice(3));
});

test("every field comes back as it was given", async () => {
  using app = startAdminApp();
  await app.post("/team/new", { team_id: "search" });
  const fields = {
    key_alias: "ci",
    models: ["gpt-4*"],
    max_budget: 10.5,
    budget_duration: "30d",
    soft_budget: 8,
    rpm_limit: 60,
    tpm_limit: 1000,
    max_parallel_requests: 3,
    model_rpm_limit: { "gpt-4o": 5 },
    model_tpm_limit: { "gpt-4o": 500 },
    allowed_routes: ["/v1/*", "llm_api_routes"],
    allowed_passthrough_routes: ["/cohere"],
    metadata: { owner: "ops", deep: { list: [1, null] } },
    tags: ["a", "b"],
    team_id: "search",
    user_id: "ada",
    user_role: "proxy_admin",
    blocked: true,
    key: "sk-my-own-key-of-the-test",
  };

  const made = await app.post("/key/generate", {
    ...fields,
    duration: "30d",
    model_max_budget: {
      "gpt-4o": { budget_limit: 2, time_period: "1d" },
      o3: { max_budget: 1, budget_duration: "1mo" },
      o4: 0.5,
    },
  });

  expect(made.body).toMatchObject(fields);
  expect(made.body["model_max_budget"]).toEqual({
    "gpt-4o": { budget_limit: 2, time_period: "1d" },
    o3: { budget_limit: 1, time_period: "1mo" },
    o4: { budget_limit: 0.5, time_period: null },
  });
  expect(made.body["model_spend"]).toEqual({ "gpt-4o": 1.5, o3: 1.5, o4: 1.5 });
  const inDays = (Date.parse(String(made.body["expires"])) - Date.now()) / 86_400_000;
  expect(Math.round(inDays)).toBe(30);
  const reset = new Date(String(made.body["budget_reset_at"]));
  expect([reset.getUTCDate(), reset.getUTCHours()]).toEqual([1, 0]); // 30d follow the calendar
});

test("an update keeps what it leaves out, and null clears", async () => {
  using app = startAdminApp();
  const made = await app.post("/key/generate", {
    key_alias: "ci",
    max_budget: 10,
    budget_duration: "7d",
    soft_budget: 5,
    rpm_limit: 60,
    tpm_limit: 9,
    model_rpm_limit: { a: 1 },
    duration: "1h",
    metadata: { a: 1 },
    tags: ["x"],
    user_role: "proxy_admin",
  });
  const key = idIn(made);

  const kept = await app.post("/key/update", { key, rpm_limit: 30 });
  const cleared = await app.post("/key/update", {
    key: keyIn(made),
    key_alias: null,
    max_budget: null,
    soft_budget: null,
    tpm_limit: null,
    duration: null,
    model_rpm_limit: null,
    metadata: null,
    tags: null,
    user_role: null,
  });

  expect(kept.body).toMatchObject({
    key,
    key_alias: "ci",
    max_budget: 10,
    budget_duration: "7d",
    rpm_limit: 30,
    tpm_limit: 9,
    model_rpm_limit: { a: 1 },
    metadata: { a: 1 },
    tags: ["x"],
    expires: made.body["expires"],
    soft_budget: 5,
    user_role: "proxy_admin",
  });
  expect(cleared.body).toMatchObject({
    key,
    key_alias: null,
    max_budget: null,
    budget_duration: null,
    budget_reset_at: null,
    rpm_limit: 30,
    tpm_limit: null,
    model_rpm_limit: {},
    metadata: {},
    tags: [],
    expires: null,
    soft_budget: null,
    user_role: null,
  });
  expect(cleared.text).not.toContain(keyIn(made));
});

test("a key made anew keeps its id and its limits; the old one is revoked", async () => {
  using app = startAdminApp();
  const old = await app.post("/key/generate", { rpm_limit: 7 });

  const byPath = await app.send(ask("POST", `/key/${keyIn(old)}/regenerate`, null, masterKey));
  const byBody = await app.post("/key/regenerate", {
    key: idIn(old),
    rpm_limit: 9,
    new_key: "sk-my-own-new-key-1",
  });

  expect(byPath.body).toMatchObject({ token: idIn(old), rpm_limit: 7 });
  expect(byBody.body).toMatchObject({
    key: "sk-my-own-new-key-1",
    token: idIn(old),
    rpm_limit: 9,
  });
  expect(app.book.find(keyIn(old))).toBe("revoked");
  expect(app.book.find(keyIn(byPath))).toBe("revoked");
  expect(app.book.find("sk-my-own-new-key-1")).toMatchObject({ id: idIn(old) });
});

test("keys are revoked by key, id and alias: all of them, or none", async () => {
  using app = startAdminApp();
  const [a, b, c, d] = ["a", "b", "c", "d"].map((alias) => makeKey(app.book, { alias }));
  const keys = [a?.key, b?.record.id];

  const some = await app.post("/key/delete", { keys: [...keys, "not-there"] });
  const all = await app.post("/key/delete", { keys, key_aliases: ["c"] });
  const none = await app.post("/key/delete", {});

  expect([some.status, none.status]).toEqual([404, 400]);
  expect(some.text).toContain("keys[2]");
  expect(all.body).toEqual({ deleted_keys: [a?.record.id, b?.record.id, c?.record.id] });
  const left = await app.get("/key/list");
  expect(left.body).toMatchObject({ keys: [d?.record.id], total_count: 1 });
});

test("a key is blocked and let in again", async () => {
  using app = startAdminApp();
  const { key, record } = makeKey(app.book);

  const blocked = await app.post("/key/block", { key });
  const unblocked = await app.post("/key/unblock", { key: record.id });

  expect(blocked.body).toMatchObject({ token: record.id, blocked: true });
  expect(unblocked.body).toMatchObject({ token: record.id, blocked: false });
});

test("/key/list pages, filters and sorts", async () => {
  using app = startAdminApp();
  app.book.createTeam("search", {}, "test");
  for (let number = 0; number < 25; number++) {
    const alias = `key-${String(number).padStart(2, "0")}`;
    makeKey(app.book, { alias, userId: number % 2 === 0 ? "even" : "odd" });
  }
  const { record } = makeKey(app.book, { alias: "other", teamId: "search" });
  const aliases = ({ body }: { readonly body: Record<string, unknown> }) =>
    Array.isArray(body["keys"]) ? body["keys"].map((key) => key.key_alias) : null;
  const full = "return_full_object=true";

  const third = await app.get("/key/list?page=3");
  const byAlias = await app.get(`/key/list?sort_by=key_alias&sort_order=asc&size=2&${full}`);
  const ofTeam = await app.get("/key/list?team_id=search");
  const ofUser = await app.get("/key/list?user_id=even&size=100");
  const part = await app.get(`/key/list?key_alias=key-2&substring_matching=True&${full}&user_id=`);
  const whole = await app.get("/key/list?key_alias=key-2");
  const byId = await app.get(`/key/list?key_hash=${record.id}`);

  expect(third.body).toMatchObject({ total_count: 26, current_page: 3, total_pages: 3 });
  expect(third.body["keys"]).toHaveLength(6);
  expect(aliases(byAlias)).toEqual(["key-00", "key-01"]);
  expect(ofTeam.body["keys"]).toEqual([record.id]);
  expect(ofUser.body["total_count"]).toBe(13);
  expect(aliases(part)?.sort()).toEqual(["key-20", "key-21", "key-22", "key-23", "key-24"]);
  expect(whole.body["keys"]).toEqual([]);
  expect(byId.body["keys"]).toEqual([record.id]);
});

test("a virtual key may look at itself, and at nothing else", async () => {
  using app = startAdminApp();
  const own = makeKey(app.book);
  const other = makeKey(app.book);
  const look = (query: string) => app.send(ask("GET", `/key/info${query}`, null, own.key));

  const seen = [await look(""), await look(`?key=${own.key}`), await look(`?key=${own.record.id}`)];
  const hidden = [await look(`?key=${other.record.id}`), await look("?key=not-there")];

  expect(seen.map(({ status, body }) => [status, body["key"]])).toEqual(
    seen.map(() => [200, own.record.id]),
  );
  expect(seen.map(({ text }) => text.includes(own.key))).toEqual([false, false, false]);
  expect(hidden.map(({ status }) => status)).toEqual([403, 403]);
  expect(hidden[0]?.text).toBe(hidden[1]?.text ?? "");
});

test("a key that is not there is a 404 everywhere", async () => {
  using app = startAdminApp();
  const key = "sk-this-one-is-not-there";

  const replies = [
    await app.get(`/key/info?key=${key}`),
    await app.post("/key/update", { key }),
    await app.post("/key/block", { key }),
    await app.post("/key/unblock", { key }),
    await app.post("/key/regenerate", { key }),
    await app.post(`/key/${key}/regenerate`, {}),
    await app.post("/key/delete", { keys: [key] }),
  ];

  for (const { status, text } of replies) {
    expect([status, text.includes(key)]).toEqual([404, false]);
  }
});
