import { expect, test } from "bun:test";
import { makeKey, messageOf, startAdminApp } from "./admin-app.ts";

const fields = {
  team_alias: "Search",
  models: ["gpt-4o"],
  max_budget: 100,
  budget_duration: "1mo",
  rpm_limit: 600,
  tpm_limit: 10_000,
  max_parallel_requests: 20,
  model_rpm_limit: { "gpt-4o": 5 },
  model_tpm_limit: { "gpt-4o": 500 },
  model_max_budget: { "gpt-4o": { budget_limit: 2, time_period: "1d" } },
  allowed_routes: ["/v1/*"],
  allowed_passthrough_routes: ["/cohere"],
  metadata: { floor: 3 },
  tags: ["search"],
  blocked: false,
};

test("a team is made, changed, looked at and removed, with its keys", async () => {
  using app = startAdminApp();

  const made = await app.post("/team/new", { team_id: "search", ...fields });
  const { key, record } = makeKey(app.book, { teamId: "search" });
  const changed = await app.post("/team/update", {
    team_id: "search",
    rpm_limit: null,
    max_budget: 50,
    blocked: true,
  });
  const info = await app.get("/team/info?team_id=search");
  const removed = await app.post("/team/delete", { team_ids: ["search"] });

  expect(made.body).toMatchObject({ team_id: "search", ...fields, spend: 1.5, members: [] });
  expect(changed.body).toEqual({
    team_id: "search",
    data: expect.objectContaining({
      rpm_limit: null,
      max_budget: 50,
      blocked: true,
      tags: ["search"],
    }),
  });
  expect(info.body).toMatchObject({
    team_id: "search",
    total_keys: 1,
    team_memberships: [],
    team_info: { team_alias: "Search", max_budget: 50 },
    keys: [{ token: record.id, team_id: "search" }],
  });
  expect(info.text).not.toContain(key);
  expect(removed.body).toEqual({ deleted_teams: ["search"] });
  expect(app.book.find(key)).toBe("revoked");
  expect((await app.get("/team/info?team_id=search")).status).toBe(404);
});

test("/team/list is a list, whole or by page", async () => {
  using app = startAdminApp();
  for (let number = 0; number < 5; number++) await app.post("/team/new", { team_alias: "t" });

  const all = await app.get("/team/list");
  const last = await app.get("/team/list?page=3&size=2");

  expect([JSON.parse(all.text).length, all.headers.get("x-total-count")]).toEqual([5, "5"]);
  expect(JSON.parse(last.text)).toHaveLength(1);
});

test("what a team may not be given is named", async () => {
  using app = startAdminApp();
  await app.post("/team/new", { team_id: "taken" });

  const told = async (body: unknown) => messageOf(await app.post("/team/new", body));

  expect(await told({ team_id: "a:model:b" })).toContain("team_id: 1 to 100");
  expect(await told({ team_aliass: "x" })).toContain("Did you mean team_alias?");
  expect(await told({ members_with_roles: [{ role: "admin" }] })).toContain("members_with_roles: ");
  expect(await told({ guardrails: ["pii"] })).toContain("no guardrails yet");
  expect(await told({ key_alias: "x" })).toContain("key_alias: there is no such field");
  expect((await app.post("/team/new", { team_id: "taken" })).status).toBe(400);
  expect((await app.post("/team/update", { team_id: "not-there" })).status).toBe(404);
  expect((await app.post("/team/update", {})).status).toBe(400);
  expect((await app.post("/team/delete", { team_ids: ["taken", "not-there"] })).status).toBe(404);
  expect((await app.get("/team/info?team_id=taken")).status).toBe(200);
});
