import { expect, test } from "bun:test";
import type { CallFilter, SumFilter, SumGroup } from "../../src/core/spend.ts";
import type { CallRow } from "../../src/core/types.ts";
import { createAddedRows } from "../../src/storage/sqlite/ledger-added-rows.ts";
import { createRowRollUps } from "../../src/storage/sqlite/ledger-roll-up-rows.ts";
import { ledgerMigrations } from "../../src/storage/sqlite/ledger-schema.ts";
import { ledgerOn } from "../../src/storage/sqlite/ledger-store.ts";
import { openDatabase } from "../../src/storage/sqlite/open.ts";
import { temporaryFolder } from "../process/program.ts";
import { callRow, manyRows, rowEntry, someDay } from "./ledger-samples.ts";

const dayMs = 86_400_000;

function start(rows: readonly CallRow[] = []) {
  const folder = temporaryFolder();
  const database = openDatabase(folder.file("ledger.db"), ledgerMigrations);
  const ledger = ledgerOn(database);
  let position = 0;
  const fold = (more: readonly CallRow[]) => {
    const entries = more.map((row) => ({ kind: "row", row, modelScopes: [] }) as const);
    position = ledger.fold("s", position, position + 1, entries);
  };
  fold(rows);
  return {
    database,
    ledger,
    fold,
    [Symbol.dispose]() {
      ledger.close();
      folder[Symbol.dispose]();
    },
  };
}

const isFailed = (row: CallRow) => row.error !== null || row.status >= 400;
const isIn = (cost: number | null, least: number, most: number) =>
  cost !== null && cost >= least && cost <= most;

const filters: readonly (readonly [CallFilter, (row: CallRow) => boolean])[] = [
  [{}, () => true],
  [{ keyIds: ["key-1"] }, (row) => row.keyId === "key-1"],
  [{ keyIds: ["key-1", "master", "nobody"] }, (row) => /key-1|master/.test(row.keyId ?? "")],
  [{ keyIds: [] }, () => false],
  [{ keyIds: ["nobody"] }, () => false],
  [{ teamId: "team-2" }, (row) => row.teamId === "team-2"],
  [{ userId: "ann" }, (row) => row.userId === "ann"],
  [{ endUser: "customer 1" }, (row) => row.endUser === "customer 1"],
  [{ route: "rerank" }, (row) => row.route === "rerank"],
  [{ model: "gpt-4o" }, (row) => row.model === "gpt-4o"],
  [{ tag: "a" }, (row) => row.tags.includes("a")],
  [{ tag: "c'\"%" }, (row) => row.tags.includes("c'\"%")],
  [{ tag: "' OR 1=1 --" }, () => false],
  [{ failed: true }, isFailed],
  [{ failed: false }, (row) => !isFailed(row)],
  [{ error: "rate_limited" }, (row) => row.error === "rate_limited"],
  [{ status: 404 }, (row) => row.status === 404],
  [{ minSpendNanoUsd: 0 }, (row) => row.costNanoUsd !== null],
  [{ minSpendNanoUsd: 4_000 }, (row) => isIn(row.costNanoUsd, 4_000, Infinity)],
  [{ maxSpendNanoUsd: 4_000 }, (row) => isIn(row.costNanoUsd, 0, 4_000)],
  [{ statuses: [404, 429] }, (row) => row.status === 404 || row.status === 429],
  [{ statuses: [] }, () => false],
  [{ statuses: [418] }, () => false],
  [{ provider: "cohere" }, (row) => row.provider === "cohere"],
  [{ minDurationMs: 4_000 }, (row) => row.durationMs >= 4_000],
  [{ maxDurationMs: 100 }, (row) => row.durationMs <= 100],
  [
    { route: "chat", minDurationMs: 1_000, maxDurationMs: 2_000, statuses: [504] },
    (row) =>
      row.route === "chat" &&
      row.durationMs >= 1_000 &&
      row.durationMs <= 2_000 &&
      row.status === 504,
  ],
  [{ since: someDay + dayMs }, (row) => row.startedAt >= someDay + dayMs],
  [{ until: someDay + dayMs }, (row) => row.startedAt < someDay + dayMs],
  [
    { keyIds: ["key-2"], since: someDay + dayMs, until: someDay + 2 * dayMs, failed: true },
    (row) =>
      row.keyId === "key-2" &&
      row.startedAt >= someDay + dayMs &&
      row.startedAt < someDay + 2 * dayMs &&
      isFailed(row),
  ],
  [
    { teamId: "team-1", model: "command-r", minSpendNanoUsd: 1, maxSpendNanoUsd: 900_000 },
    (row) =>
      row.teamId === "team-1" && row.model === "command-r" && isIn(row.costNanoUsd, 1, 900_000),
  ],
];

test("every filter gives the rows that a look at each of them gives", () => {
  const rows = manyRows(3_000);
  using given = start(rows);

  for (const [filter, isMeant] of filters) {
    const meant = rows.filter(isMeant).toReversed();
    const order = { by: "startedAt", descending: true } as const;
    const page = given.ledger.rows(filter, order, { page: 1, size: 3_000 });
    expect({ filter, page }).toEqual({ filter, page: { items: meant, total: meant.length } });
    const second = given.ledger.rows(filter, order, { page: 2, size: 7 });
    expect(second).toEqual({ items: meant.slice(7, 14), total: meant.length });
  }
  const [one] = rows;
  if (one === undefined) throw new Error("no rows");
  const byId = given.ledger.rows({ id: one.id }, { by: "cost", descending: false }, firstPage);
  expect(byId).toEqual({ items: [one], total: 1 });
});

const firstPage = { page: 1, size: 100 };

test("every order, both ways; pages hold each row once", () => {
  const rows = manyRows(500);
  using given = start(rows);
  const values = {
    startedAt: (row: CallRow) => row.startedAt,
    cost: (row: CallRow) => row.costNanoUsd ?? -1,
    durationMs: (row: CallRow) => row.durationMs,
    status: (row: CallRow) => row.status,
  } as const;

  for (const by of ["startedAt", "cost", "durationMs", "status"] as const) {
    for (const descending of [true, false]) {
      const pages = [1, 2, 3, 4, 5, 6].map((page) =>
        given.ledger.rows({}, { by, descending }, { page, size: 90 }),
      );
      const seen = pages.flatMap(({ items }) => items);
      const sorted = rows.map(values[by]).toSorted((a, b) => (descending ? b - a : a - b));
      expect(seen.map(values[by])).toEqual(sorted);
      expect(new Set(seen.map(({ id }) => id)).size).toBe(rows.length);
      expect(pages.map(({ total }) => total)).toEqual(pages.map(() => rows.length));
    }
  }
});

function summed(rows: readonly CallRow[], by: readonly SumGroup[]) {
  const nameOf: Record<SumGroup, (row: CallRow) => string> = {
    day: (row) => new Date(row.startedAt).toISOString().slice(0, 10),
    key: (row) => row.keyId ?? "",
    team: (row) => row.teamId ?? "",
    user: (row) => row.userId ?? "",
    route: (row) => row.route,
    model: (row) => row.model ?? "",
    endUser: (row) => row.endUser ?? "",
  };
  const groups = Map.groupBy(rows, (row) => by.map((group) => nameOf[group](row)).join("\n"));
  return [...groups.values()].map((same) => ({
    names: Object.fromEntries(by.map((group) => [group, same[0] && nameOf[group](same[0])])),
    calls: same.length,
    failed: same.filter(isFailed).length,
    unpriced: same.filter((row) => row.costNanoUsd === null).length,
    spendNanoUsd: same.reduce((total, row) => total + (row.costNanoUsd ?? 0), 0),
    promptTokens: same.reduce((total, { usage }) => total + (usage?.input ?? 0), 0),
    completionTokens: same.reduce((total, { usage }) => total + (usage?.output ?? 0), 0),
  }));
}

/** Sums by their names, in any order. */
const named = (sums: readonly { readonly names: object }[]) =>
  new Map(sums.map(({ names, ...sum }) => [JSON.stringify(names), sum]));

test("reports are the sums of the rows, however they are grouped", () => {
  const rows = manyRows(2_500);
  using given = start();
  for (let at = 0; at < rows.length; at += 700) given.fold(rows.slice(at, at + 700));
  const groupings: SumGroup[][] = [
    [],
    ["day"],
    ["key"],
    ["team", "model"],
    ["day", "key", "user", "model"],
    ["day", "route", "endUser"],
  ];
  const some: readonly (readonly [SumFilter, (row: CallRow) => boolean])[] = [
    [{}, () => true],
    [{ keyIds: ["key-1", "master"] }, (row) => /key-1|master/.test(row.keyId ?? "")],
    [{ teamId: "team-2" }, (row) => row.teamId === "team-2"],
    [{ userId: "bob" }, (row) => row.userId === "bob"],
    [
      { since: someDay + dayMs, until: someDay + 2 * dayMs },
      ({ startedAt: at }) => at >= someDay + dayMs && at < someDay + 2 * dayMs,
    ],
    [{ keyIds: [] }, () => false],
  ];

  for (const by of groupings) {
    for (const [filter, isMeant] of some) {
      const sums = given.ledger.sums(by, filter);
      const wanted = summed(rows.filter(isMeant), by);
      expect(named(sums)).toEqual(named(wanted));
      expect(sums.length).toBe(wanted.length);
    }
  }
  const tags = given.ledger.tagSums(["tag"], { teamId: "team-1" });
  const isTagged = (tag: string) => (row: CallRow) =>
    row.teamId === "team-1" && row.tags.includes(tag);
  for (const sum of tags) {
    const [wanted] = summed(rows.filter(isTagged(sum.names.tag)), []);
    expect<object>(sum).toEqual({ ...wanted, names: sum.names });
  }
  expect(tags.map(({ names }) => names.tag).toSorted()).toEqual(["a", "b", "c'\"%"]);
});

test("reports begin with the first day, and with the dearest of each", () => {
  using given = start([
    callRow({ startedAt: someDay + dayMs, keyId: "late", costNanoUsd: 9 }),
    callRow({ keyId: "cheap", costNanoUsd: 1 }),
    callRow({ keyId: "dear", costNanoUsd: 5 }),
  ]);

  const names = given.ledger.sums(["day", "key"], {}).map((sum) => Object.values(sum.names));

  expect(names).toEqual([
    ["2026-11-20", "dear"],
    ["2026-11-20", "cheap"],
    ["2026-11-21", "late"],
  ]);
});

test("retention by age takes the old rows; accounts and reports stay as they were", () => {
  const rows = manyRows(2_000);
  using given = start(rows);
  given.ledger.fold("x", 0, 1, [
    { kind: "refused", minute: someDay, route: "", code: "key_invalid", count: 1 },
  ]);
  const before = [given.ledger.sums(["day", "key"], {}), given.ledger.account("all")];
  const cut = someDay + 2 * dayMs;

  const retention = { maxAgeMs: dayMs, maxBytes: null };
  let rounds = 0;
  while (given.ledger.retainSome(retention, cut + dayMs)) rounds += 1;

  const kept = given.ledger.rows(
    {},
    { by: "startedAt", descending: true },
    { page: 1, size: 2_000 },
  );
  expect(kept.items).toEqual(rows.filter(({ startedAt }) => startedAt >= cut).toReversed());
  expect(rounds).toBeGreaterThan(1);
  expect(given.ledger.refusals(0, Number.MAX_SAFE_INTEGER)).toEqual([]);
  expect([given.ledger.sums(["day", "key"], {}), given.ledger.account("all")]).toEqual(before);
});

test("retention by size takes the oldest rows until what is left is small enough; later rows count", () => {
  using given = start(manyRows(5_000));
  const before = given.ledger.sums(["key"], {});

  while (given.ledger.retainSome({ maxAgeMs: null, maxBytes: 400_000 }, 0));
  const left = given.ledger.rows({}, { by: "startedAt", descending: false }, firstPage);
  expect(left.total).toBeGreaterThan(10);
  expect(left.total).toBeLessThan(3_000);
  expect(left.items[0]?.startedAt).toBeGreaterThan(someDay + dayMs);

  while (given.ledger.retainSome({ maxAgeMs: null, maxBytes: 1 }, 0));
  given.fold([callRow({ keyId: "key-after" }), callRow({ keyId: "key-after" })]);
  const after = given.ledger.sums(["key"], {});
  expect(after.filter(({ names }) => names.key !== "key-after")).toEqual(before);
  expect(after).toContainEqual({
    names: { key: "key-after" },
    calls: 2,
    failed: 0,
    unpriced: 0,
    spendNanoUsd: 2_000,
    promptTokens: 0,
    completionTokens: 0,
  });
});

test("names that clients make up do not fill the disk: beyond so many they are put together", () => {
  using given = start();
  const few = createRowRollUps(given.database, createAddedRows(given.database), 3);
  const rows = Array.from({ length: 9 }, (_, index) =>
    rowEntry({ endUser: `made up ${index}`, tags: [`tag ${index}`] }),
  );

  given.ledger.fold("x", 0, 1, rows);
  few.catchUp();

  const sums = given.ledger.sums(["endUser", "key"], {});
  expect(sums.map(({ names, calls }) => [names.endUser, names.key, calls])).toEqual([
    ["(other)", "key-1", 6],
    ["made up 0", "key-1", 1],
    ["made up 1", "key-1", 1],
    ["made up 2", "key-1", 1],
  ]);
  expect(given.ledger.tagSums(["tag"], {}).map(({ calls }) => calls)).toEqual([6, 1, 1, 1]);
});
