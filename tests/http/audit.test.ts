import { expect, test } from "bun:test";
import { ask, idIn, keyIn, makeKey, masterKey, messageOf, startAdminApp } from "./admin-app.ts";

test("every change is in the audit log, the newest first, and no key", async () => {
  using app = startAdminApp();
  const made = await app.post("/key/generate", { rpm_limit: 1 });
  const key = idIn(made);
  await app.post("/key/update", { key, rpm_limit: 2 });
  await app.post("/key/block", { key });
  const renewed = await app.post("/key/regenerate", { key });
  await app.post("/key/delete", { keys: [key] });
  await app.post("/team/new", { team_id: "search" });
  await app.post("/team/update", { team_id: "search", rpm_limit: 5 });
  await app.post("/team/delete", { team_ids: ["search"] });
  await app.send(ask("POST", "/config/reload", null, masterKey));

  const log = await app.get("/audit");

  const entries = log.body["audit_logs"];
  if (!Array.isArray(entries)) throw new Error("no list");
  expect(entries.map(({ action, subject }) => [action, subject])).toEqual([
    ["config.reload", "config"],
    ["team.remove", "search"],
    ["team.change", "search"],
    ["team.create", "search"],
    ["key.revoke", key],
    ["key.regenerate", key],
    ["key.change", key],
    ["key.change", key],
    ["key.create", key],
  ]);
  expect(new Set(entries.map(({ actor }) => actor))).toEqual(new Set(["master key"]));
  expect(log.body).toMatchObject({ total: 9, page: 1, page_size: 50, total_pages: 1 });
  for (const secret of [keyIn(made), keyIn(renewed), masterKey]) {
    expect(log.text).not.toContain(secret);
  }
});

test("the audit log is filtered and paged", async () => {
  using app = startAdminApp();
  const { key: admin, record } = makeKey(app.book, { role: "proxy_admin" });
  await app.post("/team/new", { team_id: "a" });
  await app.send(ask("POST", "/team/new", { team_id: "b" }, admin));
  const total = async (query: string) => (await app.get(`/audit?${query}`)).body["total"];
  const day = new Date().toISOString().slice(0, 10);

  expect(await total("action=team.create")).toBe(2);
  expect(await total("subject=a")).toBe(1);
  expect(await total(`actor=${record.id}`)).toBe(1);
  expect(await total("actor=master key")).toBe(1);
  expect(await total(`start_date=${day}&end_date=${day}`)).toBe(3);
  expect(await total("end_date=2026-01-01 00:00:00")).toBe(0);
  expect(await total("start_date=2999-01-01")).toBe(0);
  expect((await app.get("/audit?page=2&page_size=2")).body).toMatchObject({
    total: 3,
    page: 2,
    page_size: 2,
    total_pages: 2,
    audit_logs: [{ action: "key.create" }],
  });
  expect(messageOf(await app.get("/audit?start_date=yesterday"))).toContain("start_date: a date");
  expect(messageOf(await app.get("/audit?acton=x"))).toContain("Did you mean action?");
});
