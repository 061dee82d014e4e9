import { expect, test } from "bun:test";
import type { SumFilter } from "../../src/core/spend.ts";
import type { CallRow } from "../../src/core/types.ts";
import { ledgerMigrations } from "../../src/storage/sqlite/ledger-schema.ts";
import { ledgerOn } from "../../src/storage/sqlite/ledger-store.ts";
import { openDatabase } from "../../src/storage/sqlite/open.ts";
import { temporaryFolder } from "../process/program.ts";
import { callRow, someDay } from "./ledger-samples.ts";

const dayMs = 86_400_000;

function start() {
  const folder = temporaryFolder();
  const ledger = ledgerOn(openDatabase(folder.file("ledger.db"), ledgerMigrations));
  let position = 0;
  return {
    ledger,
    fold: (rows: readonly CallRow[]) => {
      const entries = rows.map((row) => ({ kind: "row", row, modelScopes: [] }) as const);
      position = ledger.fold("s", position, position + 1, entries);
    },
    [Symbol.dispose]() {
      ledger.close();
      folder[Symbol.dispose]();
    },
  };
}

test("a report by day holds every day of a long time once, and ends where it gets too long", () => {
  const rows = Array.from({ length: 300 }, (_, index) =>
    callRow({ startedAt: someDay - index * dayMs + 5, keyId: `key-${index % 2}` }),
  );
  using given = start();
  given.fold(rows);
  const days = (filter: SumFilter) =>
    given.ledger.sums(["day", "key"], filter).map(({ names }) => names.day);
  const wanted = rows
    .map(({ startedAt }) => new Date(startedAt).toISOString().slice(0, 10))
    .toReversed();

  expect(days({})).toEqual(wanted);
  const since = someDay - 99 * dayMs;
  expect(days({ since })).toEqual(wanted.slice(200));
  expect(days({ since: since + 7, until: someDay - dayMs + 1 })).toEqual(wanted.slice(200, 299));
  expect(days({ since: someDay + dayMs })).toEqual([]);

  const many = Array.from({ length: 20 }, (_, day) =>
    Array.from({ length: 600 }, (_, index) =>
      callRow({ startedAt: someDay + day * dayMs, keyId: `many-${index}` }),
    ),
  );
  for (const some of many) given.fold(some);
  expect(days({ since: someDay })).toHaveLength(10_001);
});
