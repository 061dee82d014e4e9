import { expect, test } from "bun:test";
import { Elysia } from "elysia";
import { noLimits } from "../../src/core/limits.ts";
import type { Standings } from "../../src/core/spend.ts";
import { type BudgetParts, budgets } from "../../src/http/budgets.ts";
import { errors } from "../../src/http/errors.ts";
import { ledgerMigrations } from "../../src/storage/sqlite/ledger-schema.ts";
import { ledgerOn } from "../../src/storage/sqlite/ledger-store.ts";
import { openDatabase } from "../../src/storage/sqlite/open.ts";
import { temporaryFolder } from "../process/program.ts";
import { callRow } from "../storage/ledger-samples.ts";
import { adminRequest, trustedAdmin } from "./trusted-admin.ts";

const now = Date.UTC(2026, 10, 21, 13);

const yaml = `
general_settings:
  pass_through_endpoints:
    - { id: chat, path: /chat, target: "https://a.example", max_budget: 2, budget_duration: 7d }
    - { id: free, path: /free, target: "https://b.example" }
`;

interface Account {
  readonly spent: number;
  readonly held?: number;
}

function start(accounts: Readonly<Record<string, Account>>) {
  const admin = trustedAdmin(yaml);
  const asked: string[] = [];
  const standings: Standings = {
    standing: (scope) => {
      asked.push(scope);
      const { spent = 0, held = 0 } = accounts[scope] ?? {};
      return { spentNanoUsd: spent * 1e9, heldNanoUsd: held * 1e9, periodStart: 0 };
    },
  };
  const folder = temporaryFolder();
  const ledger = ledgerOn(openDatabase(folder.file("ledger.db"), ledgerMigrations));
  const reader: BudgetParts["reader"] = { sums: async (...question) => ledger.sums(...question) };
  const everybody = { ...noLimits, budget: { maxNanoUsd: 10e9, period: null } };
  const deps = { ...admin.deps, standings };
  const parts = { reader, everybody: () => everybody };
  const app = new Elysia().use(errors(() => {})).use(budgets(deps, parts, () => now));
  return {
    book: admin.deps.book,
    asked,
    called: (keyId: string) => {
      const entry = { kind: "row", row: callRow({ keyId }), modelScopes: [] } as const;
      ledger.fold(keyId, 0, 1, [entry]);
    },
    get: async () => {
      const reply = await app.handle(adminRequest("GET", "/health/budgets"));
      return JSON.parse(await reply.text());
    },
    [Symbol.dispose]() {
      ledger.close();
      admin[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

const nanoBudget = (usd: number) => ({
  limits: { ...noLimits, budget: { maxNanoUsd: Math.round(usd * 1e9), period: null } },
});

test("budgets of keys, teams, routes and everybody, the fullest first; what is on hold counts", async () => {
  const accounts: Record<string, Account> = {
    "route:chat": { spent: 1 },
    all: { spent: 9 },
  };
  using house = start(accounts);
  const { record } = house.book.create(
    { ...nanoBudget(5), alias: "app", budgetDuration: "30d" },
    null,
    "test",
  );
  house.book.create({ alias: "without" }, null, "test");
  const team = house.book.createTeam(null, { ...nanoBudget(4), alias: "search" }, "test");
  accounts[`key:${record.id}`] = { spent: 4.5, held: 0.4 };
  accounts[`team:${team.id}`] = { spent: 0 };

  const body = await house.get();

  expect(body).toEqual({
    total: 4,
    complete: true,
    budgets: [
      {
        kind: "key",
        id: record.id,
        name: "app",
        max_budget: 5,
        spend: 4.5,
        held: 0.4,
        budget_duration: "30d",
        budget_reset_at: "2026-12-01T00:00:00.000Z",
        share: 0.98,
      },
      expect.objectContaining({ kind: "everybody", id: "", max_budget: 10, spend: 9, share: 0.9 }),
      expect.objectContaining({
        kind: "route",
        id: "chat",
        name: "/chat",
        share: 0.5,
        budget_duration: "7d",
        budget_reset_at: "2026-11-23T00:00:00.000Z",
      }),
      expect.objectContaining({ kind: "team", id: team.id, name: "search", share: 0 }),
    ],
  });
});

test("no account is asked for where there is no budget", async () => {
  using house = start({});
  house.book.create({ alias: "without" }, null, "test");

  await house.get();

  expect(house.asked).toEqual(["all", "route:chat"]);
});

test("of very many keys the smallest budgets and those that spent most are looked at", async () => {
  const accounts: Record<string, Account> = {};
  using house = start(accounts);
  for (let index = 0; index < 1_000; index += 1) {
    house.book.create({ ...nanoBudget(1), alias: `small-${index}` }, null, "test");
  }
  const { record } = house.book.create({ ...nanoBudget(100), alias: "large" }, null, "test");
  house.book.create({ ...nanoBudget(200), alias: "unused" }, null, "test");
  accounts[`key:${record.id}`] = { spent: 99 };
  for (const id of [record.id, "", "a-key-that-is-gone"]) house.called(id);

  const body = await house.get();

  expect(body.budgets[0]).toMatchObject({ name: "large", share: 0.99 });
  expect(body.budgets).toHaveLength(200);
  expect(body.total).toBe(1_003);
  expect(body.complete).toBe(false);
});

test("a budget of nothing is used up", async () => {
  using house = start({});
  house.book.create({ ...nanoBudget(0), alias: "nothing" }, null, "test");

  const body = await house.get();

  expect(body.budgets[0]).toMatchObject({ name: "nothing", max_budget: 0, share: 1 });
});
