import { expect, test } from "bun:test";
import type { CallRow } from "../../src/core/types.ts";
import { migrateLedger } from "../../src/storage/sqlite/ledger-schema.ts";
import { type LedgerDatabase, openLedger } from "../../src/storage/sqlite/ledger-store.ts";
import { temporaryFolder } from "../process/program.ts";
import { callRow, dice, manyRows } from "./ledger-samples.ts";

const rows = manyRows(31_500);
const batchRows = 700;
const latest = { by: "startedAt", descending: true } as const;

/** Folds all rows in batches, each of them by the store that is given for it. */
function foldAll(storeFor: (batch: number) => LedgerDatabase): void {
  for (let at = 0; at < rows.length; at += batchRows) {
    const entries = rows
      .slice(at, at + batchRows)
      .map((row) => ({ kind: "row", row, modelScopes: [] }) as const);
    storeFor(at / batchRows).fold("s", at, at + batchRows, entries);
  }
}

function expectAll(ledger: LedgerDatabase): void {
  const counts = (nameOf: (row: CallRow) => string | null) =>
    Object.fromEntries(
      [...Map.groupBy(rows, (row) => nameOf(row) ?? "")].map(([name, some]) => [name, sumOf(some)]),
    );
  for (const by of ["key", "team", "route", "model", "endUser"] as const) {
    const nameOf = (row: CallRow) =>
      ({
        key: row.keyId,
        team: row.teamId,
        route: row.route,
        model: row.model,
        endUser: row.endUser,
      })[by];
    const told = ledger.sums([by], {}).map(({ names, ...sum }) => [names[by], sum]);
    expect(Object.fromEntries(told)).toEqual(counts(nameOf));
  }
  const tagged = rows.filter(({ tags }) => tags.includes("a"));
  expect(ledger.tagSums(["tag"], {}).find(({ names }) => names.tag === "a")?.calls).toBe(
    tagged.length,
  );
  for (const keyId of ["key-1", "key-2", "master"]) {
    const page = ledger.rows({ keyIds: [keyId] }, latest, { page: 7, size: 50 });
    const wanted = rows.filter((row) => row.keyId === keyId).toReversed();
    expect(page.total).toBe(wanted.length);
    expect(page.items.map(({ id }) => id)).toEqual(wanted.slice(300, 350).map(({ id }) => id));
  }
}

function sumOf(some: readonly CallRow[]) {
  const total = (valueOf: (row: CallRow) => number | undefined) =>
    some.reduce((sum, row) => sum + (valueOf(row) ?? 0), 0);
  return {
    calls: some.length,
    failed: total((row) => (row.error !== null || row.status >= 400 ? 1 : 0)),
    unpriced: total((row) => (row.costNanoUsd === null ? 1 : 0)),
    spendNanoUsd: total((row) => row.costNanoUsd ?? 0),
    promptTokens: total((row) => row.usage?.input),
    completionTokens: total((row) => row.usage?.output),
  };
}

test("what a process gathered and did not write is counted once, whoever goes on", () => {
  using folder = temporaryFolder();
  const file = folder.file("ledger.db");
  migrateLedger(file);
  const roll = dice(3);
  let ledger = openLedger(file);

  foldAll(() => {
    if (roll(9) > 0) return ledger;
    ledger.close();
    return (ledger = openLedger(file));
  });

  expectAll(ledger);
  ledger.close();
});

test("two processes that fold by turns count each call once", () => {
  using folder = temporaryFolder();
  const file = folder.file("ledger.db");
  migrateLedger(file);
  const roll = dice(4);
  const [one, other] = [openLedger(file), openLedger(file)];

  foldAll(() => (roll(4) === 0 ? one : other));

  expectAll(one);
  expectAll(other);
  one.close();
  other.close();
});

test("batches that fail, reports and checkpoints in between change no count", () => {
  using folder = temporaryFolder();
  const file = folder.file("ledger.db");
  migrateLedger(file);
  const ledger = openLedger(file);
  const bad = [
    callRow({ keyId: "nobody", tags: ["a"] }),
    { ...callRow({ keyId: "nobody" }), startedAt: 1.5 },
  ].map((row) => ({ kind: "row", row, modelScopes: [] }) as const);

  foldAll((batch) => {
    if (batch % 4 === 1) {
      expect(() => ledger.fold("s", batch * batchRows, batch * batchRows + 1, bad)).toThrow();
    }
    if (batch % 7 === 3) ledger.sums([], {});
    ledger.tidy();
    return ledger;
  });

  expectAll(ledger);
  ledger.close();
});
