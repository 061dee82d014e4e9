import { expect, test } from "bun:test";
import { Elysia } from "elysia";
import type { CallRow } from "../../src/core/types.ts";
import { KeyDigester } from "../../src/core/key.ts";
import { errors } from "../../src/http/errors.ts";
import { createFailedAttempts } from "../../src/http/failed-attempts.ts";
import { costOf, logCost } from "../../src/http/log-cost.ts";
import { openKeyBook } from "../../src/keys/key-book.ts";
import { modelPricesOf } from "../../src/pricing/model-prices.ts";
import { createPrices } from "../../src/pricing/prices.ts";
import { ledgerMigrations } from "../../src/storage/sqlite/ledger-schema.ts";
import { ledgerOn } from "../../src/storage/sqlite/ledger-store.ts";
import { openKeyStore } from "../../src/storage/sqlite/key-store.ts";
import { openDatabase } from "../../src/storage/sqlite/open.ts";
import { build } from "../config/load.ts";
import { temporaryFolder } from "../process/program.ts";
import { callRow } from "../storage/ledger-samples.ts";
import { ask, masterKey } from "./admin-app.ts";

const prices = createPrices({ route: null, models: modelPricesOf([]).prices });
const priced = { costNanoUsd: null, trustsUpstreamCost: false };

const row = (parts: Partial<CallRow>): CallRow =>
  callRow({
    status: 200,
    error: null,
    provider: "openai",
    model: "gpt-4o-mini",
    usage: { input: 1_001, cached: 501, output: 7 },
    costNanoUsd: 116_775,
    unpriced: null,
    estimated: false,
    ...parts,
  });

test("a cost is worked out line by line, and adds up to what was booked", async () => {
  const { lines, ...rest } = await costOf(row({}), priced, prices);

  expect(rest).toMatchObject({
    basis: "usage",
    total_usd: 0.000116775,
    booked_usd: 0.000116775,
    adds_up: true,
  });
  expect(
    lines.map(({ unit, count, usd_per, per, usd }) => [unit, count, usd_per, per, usd]),
  ).toEqual([
    ["input", 500, 0.15, 1_000_000, 0.000075],
    ["output", 7, 0.6, 1_000_000, 0.0000042],
    ["cached", 501, 0.075, 1_000_000, 0.000037575],
  ]);
});

const flat = { costNanoUsd: 2_500_000, trustsUpstreamCost: false };
const trusting = { costNanoUsd: null, trustsUpstreamCost: true };

test.each([
  ["flat", row({ costNanoUsd: 2_500_000 }), flat],
  ["usage", row({}), flat],
  ["usage", row({}), null],
  ["changed", row({ costNanoUsd: 5 }), priced],
  ["upstream", row({ costNanoUsd: 5 }), trusting],
  ["estimated", row({ costNanoUsd: 5, estimated: true }), priced],
  ["held", row({ usage: null, unpriced: "no_usage", estimated: true }), priced],
  ["unknown", row({ costNanoUsd: null, unpriced: "no_price", model: "nobody-knows" }), priced],
  ["free", row({ costNanoUsd: 0, usage: null }), priced],
  ["failed", row({ costNanoUsd: 0, usage: null, status: 502, error: "upstream_dns" }), priced],
] as const)("a cost says what it is: %s", async (basis, call, route) => {
  const cost = await costOf(call, route, prices);

  expect(cost.basis).toBe(basis);
  expect(cost.adds_up).toBe(basis === "flat" || basis === "usage");
  expect(cost.note).not.toBe("");
});

test("an estimate of a model without a price of output is worked out as it was booked", async () => {
  const call = row({
    model: "text-embedding-3-small",
    usage: { input: 1_000, output: 30 },
    costNanoUsd: 20_000,
    estimated: true,
  });

  expect(await costOf(call, priced, prices)).toMatchObject({ basis: "usage", adds_up: true });
});

/** The route alone, over a ledger with one call. */
function start() {
  const folder = temporaryFolder();
  const store = openKeyStore(folder.file("tollgate.db"));
  const book = openKeyBook({ store, digester: new KeyDigester("pepper of this test") });
  const rules = build(`general_settings:\n  master_key: ${masterKey}\n`).runtime?.rules;
  if (rules === undefined) throw new Error("no rules");
  const ledger = ledgerOn(openDatabase(folder.file("ledger.db"), ledgerMigrations));
  ledger.fold("one", 0, 1, [{ kind: "row", row: row({ id: "call-1" }), modelScopes: [] }]);
  const reader = {
    rows: async (...asked: Parameters<typeof ledger.rows>) => ledger.rows(...asked),
  };
  const admin = {
    rules: () => rules,
    adminHosts: () => new Set<string>(),
    entrance: {
      addressOf: () => "127.0.0.1",
      onLoopback: true,
      isTls: false,
      hold: () => {},
      release: () => {},
    },
    book,
    standings: { standing: () => ({ spentNanoUsd: 0, heldNanoUsd: 0, periodStart: 0 }) },
    adjust: () => {},
    masterKey: () => rules.keys.masterKey,
    failures: createFailedAttempts(() => 0),
    sessions: null,
    trusted: null,
  };
  const app = new Elysia({ strictPath: true })
    .use(errors(() => {}))
    .use(logCost(admin, reader, () => prices));
  return {
    get: (id: string, key: string | null = masterKey) =>
      app.handle(ask("GET", `/spend/logs/ui/${id}/cost`, null, key)),
    [Symbol.dispose]() {
      ledger.close();
      store.close();
      folder[Symbol.dispose]();
    },
  };
}

test("a call's cost is shown to admins, also when its route is gone", async () => {
  using app = start();

  const known = await app.get("call-1");
  const unknown = await app.get("call-2");
  const unasked = await app.get("call-1", null);

  expect(JSON.parse(await known.text())).toMatchObject({ basis: "usage", adds_up: true });
  expect([unknown.status, unasked.status]).toEqual([404, 401]);
});
