import { expect, test } from "bun:test";
import { ledgerMigrations, migrateLedger } from "../../src/storage/sqlite/ledger-schema.ts";
import { ledgerOn, openLedger } from "../../src/storage/sqlite/ledger-store.ts";
import { openDatabase } from "../../src/storage/sqlite/open.ts";
import { temporaryFolder } from "../process/program.ts";
import { callRow, manyRows, rowEntry, someDay } from "./ledger-samples.ts";

const latest = { by: "startedAt", descending: true } as const;

/** A ledger as version 0.1 left it: `count` calls, the first half of them in the roll-up. */
function oldLedger(file: string, count: number): void {
  using database = openDatabase(file, ledgerMigrations.slice(0, 1));
  database.run(`INSERT INTO words (id, text) VALUES (1, 'chat'), (2, 'https://api.example.com/v1/chat'), (3, 'POST'),
    (4, 'key-1'), (5, 'team-1')`);
  const insert = database.prepare(
    `INSERT INTO calls (id, started_at, key, team, user, route, target, method, status, error, failed, cost_nano,
       estimated, first_byte_ms, duration_ms, bytes_in, bytes_out, model, end_user, tags, metadata)
     VALUES (?, ?, 4, 5, NULL, 1, 2, 3, 200, NULL, 0, 1000, 0, 12.5, 34, 10, 20, 'gpt-4o', NULL, '["a"]', NULL)`,
  );
  database.transaction(() => {
    for (let index = 0; index < count; index++) insert.run(`old-${index}`, someDay + index);
  })();
  const half = count / 2;
  database.run("INSERT INTO spend_daily VALUES (?, 4, 5, 0, 1, 'gpt-4o', '', ?, 0, 0, ?)", [
    someDay / 86_400_000,
    half,
    half * 1_000,
  ]);
  database.run("INSERT INTO spend_tags VALUES (?, 4, 5, 'a', ?, 0, 0, ?)", [
    someDay / 86_400_000,
    half,
    half * 1_000,
  ]);
  database.run("UPDATE rolled_up SET seq = ?", [half]);
  database.run("INSERT INTO accounts VALUES ('all', ?, 0)", [count * 1_000]);
  database.run("DELETE FROM calls WHERE seq <= 10"); // as retention does
}

test("the rows of version 0.1 are all there, and count with those that come", () => {
  using folder = temporaryFolder();
  const file = folder.file("ledger.db");
  oldLedger(file, 12_000);

  migrateLedger(file);
  const ledger = openLedger(file);
  ledger.fold("s", 0, 1, [
    rowEntry({
      startedAt: someDay + 50_000,
      usage: { input: 5, output: 2 },
      model: "gpt-4o",
      tags: ["a"],
    }),
  ]);

  const { items, total } = ledger.rows({ model: "gpt-4o" }, latest, { page: 1, size: 2 });
  expect(total).toBe(11_991);
  expect(items[1]).toEqual(
    callRow({ id: "old-11999", startedAt: someDay + 11_999, model: "gpt-4o", tags: ["a"] }),
  );
  expect(ledger.rows({}, latest, { page: 1, size: 1 }).total).toBe(11_991);
  expect(ledger.rows({ id: "old-10" }, latest, { page: 1, size: 1 }).total).toBe(1);
  const sum = { calls: 12_001, failed: 0, unpriced: 0, spendNanoUsd: 12_001_000 };
  const told = { ...sum, promptTokens: 5, completionTokens: 2 };
  expect(ledger.sums(["key"], {})).toEqual([{ names: { key: "key-1" }, ...told }]);
  expect(ledger.sums(["endUser"], {})).toEqual([{ names: { endUser: "" }, ...told }]);
  expect(ledger.tagSums(["tag"], {})).toEqual([{ names: { tag: "a" }, ...told }]);
  expect(ledger.account("all")?.spentNanoUsd).toBe(12_001_000);
  ledger.close();
});

test("old blocks are made as calls come, until then their rows are found without", () => {
  using folder = temporaryFolder();
  const file = folder.file("ledger.db");
  oldLedger(file, 40_000);
  migrateLedger(file);
  const ledger = openLedger(file);

  for (let round = 0; round < 6; round++) {
    const { items, total } = ledger.rows({ teamId: "team-1" }, latest, { page: 1, size: 1 });
    expect([items[0]?.id, total]).toEqual(["old-39999", 39_990]);
    ledger.fold("s", round, round + 1, []);
  }
  ledger.close();
});

test("a key's calls are found in blocks that do not tell where they are, and in those that do", () => {
  using folder = temporaryFolder();
  const database = openDatabase(folder.file("ledger.db"), ledgerMigrations);
  const ledger = ledgerOn(database);
  const rows = manyRows(20_500).map((row, index) =>
    index % 37 === 0 ? { ...row, keyId: "rare" } : row,
  );
  const entries = rows.map((row) => ({ kind: "row", row, modelScopes: [] }) as const);
  ledger.fold("s", 0, 1, entries);
  ledger.fold("s", 1, 2, []);
  const ids = () => {
    const page = ledger.rows({ keyIds: ["rare"] }, latest, { page: 2, size: 200 });
    return [page.total, ...page.items.map(({ id }) => id)];
  };
  const rare = rows.filter(({ keyId }) => keyId === "rare").toReversed();
  const wanted = [rare.length, ...rare.slice(200, 400).map(({ id }) => id)];
  const told = "SELECT count(*) AS blocks FROM blocks WHERE json_array_length(places) = calls";
  expect(database.query<{ blocks: number }, []>(told).get()?.blocks).toBeGreaterThanOrEqual(20);

  expect(ids()).toEqual(wanted);
  database.run("UPDATE blocks SET places = NULL WHERE block % 2 = 0"); // as older versions made them
  expect(ids()).toEqual(wanted);
  ledger.close();
});

test("tokens that are no whole numbers are kept as they were told, and counted to the next one", () => {
  using folder = temporaryFolder();
  const file = folder.file("ledger.db");
  migrateLedger(file);
  const ledger = openLedger(file);
  const usage = { input: 1.6, output: 0 };

  ledger.fold("s", 0, 1, [rowEntry({ usage })]);

  expect(ledger.rows({}, latest, { page: 1, size: 1 }).items[0]?.usage).toEqual(usage);
  expect(ledger.sums([], {})[0]?.promptTokens).toBe(2);
  ledger.close();
});
