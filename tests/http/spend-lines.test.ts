import { expect, test } from "bun:test";
import { Elysia } from "elysia";
import type { SpendReader } from "../../src/core/spend.ts";
import { errors } from "../../src/http/errors.ts";
import { spend } from "../../src/http/spend.ts";
import { ledgerMigrations } from "../../src/storage/sqlite/ledger-schema.ts";
import { ledgerOn } from "../../src/storage/sqlite/ledger-store.ts";
import { openDatabase } from "../../src/storage/sqlite/open.ts";
import { temporaryFolder } from "../process/program.ts";
import { callRow, someDay } from "../storage/ledger-samples.ts";
import { adminRequest, trustedAdmin } from "./trusted-admin.ts";

const dayMs = 86_400_000;

const yaml = `
general_settings:
  pass_through_endpoints:
    - { id: chat, path: /v1/chat, target: "https://a.example" }
`;

function start() {
  const folder = temporaryFolder();
  const ledger = ledgerOn(openDatabase(folder.file("ledger.db"), ledgerMigrations));
  const reader: SpendReader = {
    rows: async (...question) => ledger.rows(...question),
    scan: async (...question) => ledger.scan(...question),
    sums: async (...question) => ledger.sums(...question),
    tagSums: async (...question) => ledger.tagSums(...question),
    latencies: async (...question) => ledger.latencies(...question),
    refusals: async (...question) => ledger.refusals(...question),
  };
  const admin = trustedAdmin(yaml);
  const app = new Elysia().use(errors(() => {})).use(spend(admin.deps, reader));
  return {
    book: admin.deps.book,
    fold: (rows: readonly Parameters<typeof callRow>[0][]) => {
      const entries = rows.map(
        (row) => ({ kind: "row", row: callRow(row), modelScopes: [] }) as const,
      );
      ledger.fold("s", 0, 1, entries);
    },
    get: async (path: string) => {
      const reply = await app.handle(adminRequest("GET", path));
      return { status: reply.status, body: JSON.parse(await reply.text()) };
    },
    [Symbol.dispose]() {
      ledger.close();
      admin[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

const report = "/global/spend/report?start_date=2026-11-19&end_date=2026-11-21";

test("keys by day, with their aliases; the same of the whole time", async () => {
  using given = start();
  const { record } = given.book.create({ alias: "app" }, null, "test");
  given.fold([
    { keyId: record.id, costNanoUsd: 2_000, usage: { input: 3, output: 4 } },
    { keyId: record.id, costNanoUsd: 1_000, startedAt: someDay + dayMs },
    { keyId: null, costNanoUsd: null, status: 500 },
  ]);

  const byDay = await given.get(`${report}&group_by=api_key&by_day=true`);
  const whole = await given.get(`${report}&group_by=api_key&by_day=false`);

  const counts = { failed: 0, unpriced: 0 };
  const tokens = { total_input_tokens: 3, total_output_tokens: 4 };
  const none = { total_input_tokens: 0, total_output_tokens: 0 };
  const app = { name: record.id, alias: "app" };
  const nobody = { name: "", alias: null, total_spend: null, calls: 1, failed: 1, unpriced: 1 };
  expect(byDay.body).toEqual([
    { day: "2026-11-20", ...app, total_spend: 0.000002, calls: 1, ...counts, ...tokens },
    { day: "2026-11-20", ...nobody, ...none },
    { day: "2026-11-21", ...app, total_spend: 0.000001, calls: 1, ...counts, ...none },
  ]);
  expect(whole.body).toEqual([
    { day: null, ...app, total_spend: 0.000003, calls: 2, ...counts, ...tokens },
    { day: null, ...nobody, ...none },
  ]);
});

test("every group has lines; routes have their paths, teams their aliases", async () => {
  using given = start();
  const team = given.book.createTeam(null, { alias: "Research" }, "test");
  given.fold([
    { teamId: team.id, userId: "ann", endUser: "c1", model: "m1", tags: ["x", "y"], route: "chat" },
  ]);
  const names = async (group: string) => {
    const { body } = await given.get(`${report}&group_by=${group}&by_day=false`);
    return body.map(({ name, alias }: { name: string; alias: string | null }) => [name, alias]);
  };

  expect(await names("route")).toEqual([["chat", "/v1/chat"]]);
  expect(await names("team")).toEqual([[team.id, "Research"]]);
  expect(await names("user")).toEqual([["ann", null]]);
  expect(await names("customer")).toEqual([["c1", null]]);
  expect(await names("model")).toEqual([["m1", null]]);
  expect(await names("tag")).toEqual([
    ["x", null],
    ["y", null],
  ]);
});

test("without by_day a report keeps LiteLLM's form, and what by_day cannot be is refused", async () => {
  using given = start();
  given.fold([{ model: "m1" }]);

  const { body } = await given.get(`${report}&group_by=model`);
  expect(body[0]).toMatchObject({ group_by_day: "2026-11-20T00:00:00+00:00", models: [{}] });
  expect((await given.get(`${report}&group_by=day&by_day=true`)).body).toMatchObject([
    { group_by_day: "2026-11-20T00:00:00+00:00", calls: 1 },
  ]);
  expect((await given.get(`${report}&by_day=perhaps`)).status).toBe(400);
  const ofUser = await given.get(`${report}&group_by=tag&by_day=true&internal_user_id=ann`);
  expect(ofUser.status).toBe(400);
});

test("too many days and names are refused with what to do; names alone are told", async () => {
  using given = start();
  const rows = Array.from({ length: 5_001 }, (_, index) => [
    { keyId: `k${index}` },
    { keyId: `k${index}`, startedAt: someDay + dayMs },
  ]).flat();
  given.fold(rows);

  const byDay = await given.get(`${report}&group_by=api_key&by_day=true`);
  const whole = await given.get(`${report}&group_by=api_key&by_day=false`);

  expect(byDay.status).toBe(400);
  expect(byDay.body.error.message).toContain("ask for a shorter time");
  expect(whole.body).toHaveLength(5_001);
});

test("why calls have no price, by route, model and reason", async () => {
  using given = start();
  const unknown = { costNanoUsd: null, unpriced: "no_price", model: "m1" };
  const latest = { ...unknown, id: "019a-latest", startedAt: someDay + 2_000 };
  given.fold([
    unknown,
    latest,
    { ...unknown, costNanoUsd: 5_000, startedAt: someDay + 1_000 },
    { costNanoUsd: null, unpriced: "no_usage", model: null },
    { costNanoUsd: null, unpriced: null, startedAt: someDay - dayMs },
    { costNanoUsd: 7 },
  ]);

  const { body } = await given.get("/spend/unpriced?start_date=2026-11-20");

  expect(body).toEqual({
    looked_at: 5,
    total: 5,
    unpriced: [
      {
        route: "chat",
        model: "m1",
        reason: "no_price",
        calls: 2,
        held: 1,
        last_request_id: "019a-latest",
        last_at: "2026-11-20T00:00:02.000Z",
      },
      expect.objectContaining({ model: null, reason: "no_usage", calls: 1, held: 0 }),
    ],
  });
  const all = await given.get("/spend/unpriced");
  expect(all.body.unpriced.at(-1)).toMatchObject({ reason: null, calls: 1 });
  expect((await given.get("/spend/unpriced?route=other")).body.unpriced).toEqual([]);
});
