import { expect, test } from "bun:test";
import type { JournalEntry } from "../../src/core/journal.ts";
import { openAccounts } from "../../src/storage/sqlite/ledger-accounts.ts";
import { ledgerMigrations, migrateLedger } from "../../src/storage/sqlite/ledger-schema.ts";
import { ledgerOn, openLedger } from "../../src/storage/sqlite/ledger-store.ts";
import { openDatabase } from "../../src/storage/sqlite/open.ts";
import { temporaryFolder } from "../process/program.ts";
import { callRow, rowEntry, someDay } from "./ledger-samples.ts";

const noTokens = { promptTokens: 0, completionTokens: 0 };
const latest = { by: "startedAt", descending: true } as const;
const firstPage = { page: 1, size: 100 };

function start(keepRows = true) {
  const folder = temporaryFolder();
  const file = folder.file("ledger.db");
  migrateLedger(file);
  const ledger = openLedger(file, keepRows);
  return {
    file,
    ledger,
    spent: (scope: string) => ledger.account(scope)?.spentNanoUsd ?? null,
    [Symbol.dispose]() {
      ledger.close();
      folder[Symbol.dispose]();
    },
  };
}

test("a row comes back as it was given, and is charged to all its accounts", () => {
  using given = start();
  const row = callRow({
    firstByteMs: null,
    durationMs: 12.75,
    error: "upstream_timeout",
    status: 504,
    userId: "ann",
    endUser: "customer",
    model: "gpt-4o",
    estimated: true,
    tags: ["a", "b"],
    metadata: '{"x":"\\u0000é"}',
    provider: "openai",
    usage: { input: 7, output: 3, cached: 2 },
    unpriced: "no_price",
    overheadMs: 0.25,
    isStream: true,
    userAgent: "curl/8",
  });

  const position = given.ledger.fold("s", 0, 100, [
    { kind: "row", row, modelScopes: ["key:key-1:model:gpt-4*"] },
  ]);

  expect(position).toBe(100);
  expect(given.ledger.position("s")).toBe(100);
  expect(given.ledger.rows({}, latest, firstPage)).toEqual({ items: [row], total: 1 });
  const scopes = ["key:key-1", "team:team-1", "route:chat", "all", "key:key-1:model:gpt-4*"];
  expect(scopes.map(given.spent)).toEqual(scopes.map(() => 1_000));
  expect(given.spent("key:other")).toBeNull();
});

test("the same batch twice, or one that begins elsewhere, changes nothing", () => {
  using given = start();
  const entries: JournalEntry[] = [
    rowEntry(),
    { kind: "adjust", scope: "key:key-1", nanoUsd: 500 },
    { kind: "refused", minute: someDay, route: "chat", code: "key_invalid", count: 3 },
  ];
  given.ledger.fold("s", 0, 100, entries);

  expect(given.ledger.fold("s", 0, 100, entries)).toBe(100);
  expect(given.ledger.fold("s", 50, 150, entries)).toBe(100);

  expect(given.spent("key:key-1")).toBe(1_500);
  expect(given.ledger.refusals(0, Number.MAX_SAFE_INTEGER)).toEqual([
    { minute: someDay, route: "chat", code: "key_invalid", count: 3 },
  ]);
  expect(given.ledger.sums(["key"], {})).toMatchObject([{ calls: 1, spendNanoUsd: 1_000 }]);
});

test("a call that another segment tells of again is booked once, as it was told first", () => {
  using given = start();
  const lost = rowEntry({ estimated: true, costNanoUsd: 700 });
  const late = { ...lost, row: { ...lost.row, estimated: false, costNanoUsd: 900 } };

  given.ledger.fold("a", 0, 10, [lost, late]);
  given.ledger.fold("b", 0, 10, [late]);

  expect(given.spent("all")).toBe(700);
  expect(given.ledger.rows({}, latest, firstPage).items).toEqual([lost.row]);
  expect(given.ledger.sums([], {})).toMatchObject([{ calls: 1, spendNanoUsd: 700 }]);
});

test("a batch that fails leaves no trace, and can be made again", () => {
  using given = start();
  const good = rowEntry({ keyId: "key-new", teamId: "team-new" });
  const bad = { ...rowEntry(), row: { ...callRow(), startedAt: 1.5 } };

  expect(() => given.ledger.fold("s", 0, 10, [good, bad])).toThrow();

  expect([given.ledger.position("s"), given.spent("all")]).toEqual([0, null]);
  expect(given.ledger.rows({}, latest, firstPage).total).toBe(0);
  given.ledger.fold("s", 0, 10, [good]);
  expect([given.ledger.position("s"), given.spent("all")]).toEqual([10, 1_000]);
  expect(given.ledger.rows({ keyIds: ["key-new"] }, latest, firstPage).items).toEqual([good.row]);
});

test("a period begins with what is given, later ones win, rows behind it are added", () => {
  using given = start();
  const period = (start: number, spentNanoUsd: number): JournalEntry => ({
    kind: "period",
    scope: "key:key-1",
    start,
    spentNanoUsd,
  });

  given.ledger.fold("s", 0, 1, [rowEntry(), period(1_000, 50), rowEntry()]);
  expect(given.ledger.account("key:key-1")).toEqual({ spentNanoUsd: 1_050, periodStart: 1_000 });

  given.ledger.fold("s", 1, 2, [rowEntry(), period(1_000, 7), period(500, 7), rowEntry()]);
  expect(given.ledger.account("key:key-1")).toEqual({ spentNanoUsd: 3_050, periodStart: 1_000 });

  given.ledger.fold("s", 2, 3, [rowEntry(), period(2_000, 0)]);
  expect(given.ledger.account("key:key-1")).toEqual({ spentNanoUsd: 0, periodStart: 2_000 });
  expect(given.ledger.account("all")).toEqual({ spentNanoUsd: 5_000, periodStart: 0 });
});

test("unknown costs are charged to nobody, and open entries say nothing", () => {
  using given = start();
  const row = callRow({ costNanoUsd: null });

  given.ledger.fold("s", 0, 1, [
    { kind: "open", row: callRow(), bootMs: 1, tokens: 1, modelScopes: [] },
    { kind: "row", row, modelScopes: [] },
  ]);

  expect(given.spent("all")).toBeNull();
  expect(given.ledger.rows({}, latest, firstPage).items).toEqual([row]);
  expect(given.ledger.sums([], {})).toEqual([
    { names: {}, calls: 1, failed: 0, unpriced: 1, spendNanoUsd: 0, ...noTokens },
  ]);
});

test("sums are exact to the nano-dollar, and do not break beyond what a number can tell exactly", () => {
  using given = start();
  const large = Number.MAX_SAFE_INTEGER;

  given.ledger.fold("s", 0, 1, [
    rowEntry({ costNanoUsd: large - 2 }),
    rowEntry({ costNanoUsd: 1 }),
  ]);
  expect(given.spent("all")).toBe(large - 1);
  expect(given.ledger.sums([], {})[0]?.spendNanoUsd).toBe(large - 1);

  for (let at = 1; at < 4; at++)
    given.ledger.fold("s", at, at + 1, [rowEntry({ costNanoUsd: large })]);
  expect(given.spent("all")).toBe(Number(BigInt(large) * 4n - 1n));
  expect(given.ledger.sums([], {})[0]?.spendNanoUsd).toBe(Number(BigInt(large) * 4n - 1n));
});

test("where calls are not kept one by one, accounts and reports are all the same", () => {
  using given = start(false);

  given.ledger.fold("s", 0, 1, [
    rowEntry({ tags: ["a"] }),
    rowEntry({ tags: ["a", "b"], status: 500, costNanoUsd: null }),
  ]);

  expect(given.ledger.rows({}, latest, firstPage)).toEqual({ items: [], total: 0 });
  expect(given.spent("team:team-1")).toBe(1_000);
  expect(given.ledger.sums(["key"], {})).toEqual([
    { names: { key: "key-1" }, calls: 2, failed: 1, unpriced: 1, spendNanoUsd: 1_000, ...noTokens },
  ]);
  expect(given.ledger.tagSums(["tag"], {})).toMatchObject([
    { names: { tag: "a" }, calls: 2 },
    { names: { tag: "b" }, calls: 1 },
  ]);
});

test("a call that is not to be kept is added up beside those that are", () => {
  using given = start();
  const kept = rowEntry({ usage: { input: 4, output: 1 } });

  given.ledger.fold("s", 0, 1, [
    kept,
    rowEntry({ isKept: false, tags: ["a"], usage: { input: 3, output: 2 }, endUser: "c" }),
  ]);

  expect(given.ledger.rows({}, latest, firstPage)).toEqual({ items: [kept.row], total: 1 });
  expect(given.spent("all")).toBe(2_000);
  for (const by of ["key", "endUser"] as const) {
    const sums = given.ledger.sums([by], {});
    expect(sums.reduce((total, { calls }) => total + calls, 0)).toBe(2);
    expect(sums.reduce((total, { promptTokens }) => total + promptTokens, 0)).toBe(7);
    expect(sums.reduce((total, one) => total + one.completionTokens, 0)).toBe(3);
  }
  expect(given.ledger.tagSums(["tag"], {})).toMatchObject([{ calls: 1, promptTokens: 3 }]);
});

test("another connection sees what is committed, and nothing else, without waiting", () => {
  using given = start();
  const accounts = openAccounts(given.file);
  given.ledger.fold("s", 0, 1, [rowEntry()]);
  const writer = openDatabase(given.file, ledgerMigrations);

  writer.run("BEGIN IMMEDIATE");
  writer.run("UPDATE accounts SET spent_nano = 9");
  const at = performance.now();
  const seen = [accounts.account("all"), accounts.position("s"), accounts.position("t")];
  const took = performance.now() - at;
  writer.run("ROLLBACK");
  writer.close();
  accounts.close();

  expect(seen).toEqual([{ spentNanoUsd: 1_000, periodStart: 0 }, 1, 0]);
  expect(took).toBeLessThan(50);
});

test("a full disk: the batch is refused as a whole, and goes in once there is room", () => {
  using folder = temporaryFolder();
  const database = openDatabase(folder.file("ledger.db"), ledgerMigrations);
  const ledger = ledgerOn(database);
  ledger.fold("s", 0, 1, [rowEntry()]);
  const batch = Array.from({ length: 500 }, () =>
    rowEntry({ metadata: `{"x":"${"y".repeat(500)}"}` }),
  );

  database.run("PRAGMA max_page_count = 40");
  expect(() => ledger.fold("s", 1, 2, batch)).toThrow("full");
  expect([ledger.position("s"), ledger.account("all")?.spentNanoUsd]).toEqual([1, 1_000]);
  database.run("PRAGMA max_page_count = 100000");

  expect(ledger.fold("s", 1, 2, batch)).toBe(2);
  expect(ledger.account("all")?.spentNanoUsd).toBe(501_000);
  ledger.close();
});

test("a database of a newer version is refused, and stays as it is", () => {
  using folder = temporaryFolder();
  const file = folder.file("ledger.db");
  openDatabase(file, [
    ...ledgerMigrations,
    { name: "later", sql: "CREATE TABLE later (a)" },
  ]).close();

  expect(() => migrateLedger(file)).toThrow("newer version");
  expect(() => openLedger(file)).toThrow("newer version");
  expect(() => openAccounts(file)).toThrow("newer version");
});

test("a segment that is gone is forgotten", () => {
  using given = start();
  given.ledger.fold("s", 0, 10, [rowEntry()]);

  given.ledger.secure();
  given.ledger.forget("s");

  expect(given.ledger.position("s")).toBe(0);
  expect(given.spent("all")).toBe(1_000);
});
